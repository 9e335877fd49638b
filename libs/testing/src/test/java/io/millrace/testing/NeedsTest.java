package io.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class NeedsTest {

    private final String require = System.getProperty("millrace.require", "");

    @BeforeEach
    void hidesNode() {
        System.clearProperty("millrace.require");
        System.setProperty("millrace.node", "/nowhere/node");
    }

    @AfterEach
    void restores() {
        System.clearProperty("millrace.node");
        System.setProperty("millrace.require", require);
    }

    @Test
    void skipsWhatNeedsAToolThatIsNotThereAndSaysWhich() {
        assertThat(run().skipped().stream())
                .extracting(event -> event.getPayload(String.class).orElse(""))
                .containsExactly("needs node (Example#usesNode)");
        assertThat(run().succeeded().count()).isEqualTo(1);
    }

    @Test
    void failsWhatWasDemandedToRun() {
        System.setProperty("millrace.require", "docker, node");

        assertThat(run().failed().stream())
                .extracting(event -> event.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .map(e -> e.getCause() == null
                                ? e.toString()
                                : e.getCause().toString())
                        .orElse(""))
                .singleElement()
                .asString()
                .contains("needs node, which -Dmillrace.require demands");
    }

    @Test
    void namesEverythingThatIsMissing() {
        assertThat(NeedsCondition.decide(
                                "ATest",
                                List.of(Tool.NODE, Tool.DOCKER, Tool.CHROMIUM),
                                tool -> tool == Tool.DOCKER,
                                "docker")
                        .getReason())
                .contains("needs node, chromium (ATest)");
    }

    @Test
    void refusesToDemandWhatIsNoTool() {
        assertThatThrownBy(() -> NeedsCondition.decide("ATest", List.of(Tool.NODE), _ -> true, "nod"))
                .hasMessageContaining("`nod`")
                .hasMessageContaining("node, chromium");
    }

    @Test
    void looksForAProgramUnderItsNamesInTheOrderOfThePath(@TempDir Path folder) throws IOException {
        Path first = Files.createDirectories(folder.resolve("first/chromium")).getParent();
        Path second = Files.createDirectory(folder.resolve("second"));
        Path chrome = Files.createFile(second.resolve("google-chrome"));
        String path = first + ":" + second;

        assertThat(Tool.CHROMIUM.find(null, path)).as("not executable").isEmpty();
        assertThat(chrome.toFile().setExecutable(true)).isTrue();
        assertThat(Tool.CHROMIUM.find(null, path)).contains(chrome);
        assertThat(Tool.CHROMIUM.find("/nowhere/chrome", path)).isEmpty();
    }

    @Test
    void findsDockerOnlyWhereItsDaemonAnswers(@TempDir Path folder) throws IOException {
        Path docker = Files.writeString(folder.resolve("docker"), "#!/bin/sh\n[ \"$1\" = info ] && exit 1\n");
        assertThat(docker.toFile().setExecutable(true)).isTrue();

        assertThat(Tool.DOCKER.find(null, folder.toString())).isEmpty();
        Files.writeString(docker, "#!/bin/sh\n[ \"$1\" = info ]\n");
        assertThat(Tool.DOCKER.find(null, folder.toString())).contains(docker);
    }

    private static Events run() {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Example.class))
                .execute()
                .testEvents();
    }

    /** Not found by the build, which wants the ending Test. */
    static final class Example {

        @Test
        @Needs(Tool.NODE)
        void usesNode() {}

        @Test
        void usesNothing() {}
    }
}
