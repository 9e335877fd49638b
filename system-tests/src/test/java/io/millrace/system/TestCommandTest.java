package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./millrace test} in a folder of its own, where {@code mvnw} is a script that shows what it was asked for. */
class TestCommandTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void copiesTheCommand() throws IOException {
        Files.copy(Path.of("../millrace"), folder.resolve("millrace"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void runsTheSlowTestsThatAreAskedForAndPassesTheRestOn() throws IOException, InterruptedException {
        maven("printf '<%s>' \"$@\"");

        assertThat(test("-pl", "libs/wire").output()).isEqualTo("<-B><verify><-pl><libs/wire>");
        assertThat(test("--long").output()).isEqualTo("<-B><verify><-Dmillrace.tests=long>");
        assertThat(test("--faults", "-Dit.test=A B", "--long").output())
                .isEqualTo("<-B><verify><-Dmillrace.tests=faults | long><-Dit.test=A B>");
    }

    @Test
    void closesWithWhatWasSkippedInThisRunAndKeepsTheStatus() throws IOException, InterruptedException {
        Path old = Files.createDirectories(folder.resolve("old/target/surefire-reports"));
        Files.writeString(old.resolve("TEST-Old.xml"), skipped("needs chromium (OldTest)"));
        maven("""
                mkdir -p a/target/surefire-reports b/target/failsafe-reports
                echo '%s' > a/target/surefire-reports/TEST-A.xml
                echo '%s' > b/target/failsafe-reports/TEST-B.xml
                exit 3""".formatted(skipped("needs node (ATest#usesNode)"), skipped("not on this day")));

        Millrace.Said said = test();

        assertThat(said.output()).isEqualTo("SKIPPED: needs node (ATest#usesNode)\n");
        assertThat(said.exitCode()).isEqualTo(3);
    }

    private static String skipped(String message) {
        return "<testcase name=\"usesNode\"><skipped message=\"" + message + "\"/></testcase>";
    }

    private void maven(String script) throws IOException {
        Path mvnw = Files.writeString(folder.resolve("mvnw"), "#!/bin/sh\n" + script + "\n");
        assertThat(mvnw.toFile().setExecutable(true)).isTrue();
    }

    private Millrace.Said test(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("./millrace", "test"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Millrace.Said(process.waitFor(), said);
    }
}
