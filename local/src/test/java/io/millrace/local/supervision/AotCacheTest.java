package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {

    @TempDir
    private Path folder;

    @Test
    void aProgramStartsFromTheCacheThatAnEarlierRunHasMade() throws Exception {
        Path jar = TinyProgram.jar(folder, "System.out.println(\"started\");");
        List<String> command = JavaCommand.lean(List.of(), List.of("-jar", jar.toString()));
        AotCache cache = AotCache.of(folder, List.of(jar), command);
        assertThat(cache.making(command)).noneMatch(flag -> flag.startsWith("-Dmillrace.rehearsal.classes="));
        run(cache.using(command));
        List<String> making = cache.making(command);
        assertThat(making).anyMatch(flag -> flag.startsWith("-Dmillrace.rehearsal.classes="));
        assertThat(folder.resolve(cache.file().getFileName() + ".classes"))
                .content()
                .containsPattern("(?m)^Program source: ");

        run(making);
        assertThat(cache.isThere()).as("before it is whole").isFalse();
        cache.finish();

        var demanding = new ArrayList<>(cache.using(command));
        demanding.add(1, "-XX:AOTMode=on"); // else the JVM goes on without a cache that does not fit
        assertThat(run(demanding)).contains("started");
    }

    @Test
    void anotherJarAndOtherFlagsHaveACacheOfTheirOwn() throws Exception {
        Path jar = Files.writeString(folder.resolve("program.jar"), "one");
        List<String> command = JavaCommand.lean(List.of("-Xmx256m"), List.of("-jar", jar.toString()));
        List<String> other = JavaCommand.lean(List.of("-Xmx320m"), List.of("-jar", jar.toString()));
        AotCache cache = AotCache.of(folder, List.of(jar), command);

        assertThat(AotCache.of(folder, List.of(jar), command)).isEqualTo(cache);
        assertThat(AotCache.of(folder, List.of(jar), other)).isNotEqualTo(cache);
        Files.writeString(jar, "another");
        assertThat(AotCache.of(folder, List.of(jar), command)).isNotEqualTo(cache);
    }

    @Test
    void aNewCacheTakesThePlaceOfTheOneBefore() throws Exception {
        Path old = Files.writeString(folder.resolve("start-00000000.aot"), "old");
        var cache = new AotCache(folder.resolve("start-00000001.aot"));
        Files.writeString(folder.resolve("start-00000001.aot.tmp"), "new");

        cache.finish();

        assertThat(old).doesNotExist();
        assertThat(cache.file()).hasContent("new");
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
