package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCachesTest {

    @TempDir
    private Path root;

    @Test
    void aCopyOfThePartRunsWithDataOfItsOwnAndLeavesOnlyTheCache() throws Exception {
        var state = new StateFolder(root.resolve("state"));
        var part = rehearsal("""
                try { java.nio.file.Files.writeString(java.nio.file.Path.of(System.getenv("DATA"), "mine"), "");
                } catch (java.io.IOException e) { System.exit(3); }""");

        new StartCaches(List.of(part), state, new RunningParts(state)).make();

        assertThat(part.cache().isThere()).isTrue();
        assertThat(state.data("start-cache")).doesNotExist();
        assertThat(new ProcessRecords(state.run()).alive()).isEmpty();
    }

    @Test
    void aCopyThatFailsLeavesNoCache() throws Exception {
        var state = new StateFolder(root.resolve("state"));
        var part = rehearsal("System.exit(3);");

        new StartCaches(List.of(part), state, new RunningParts(state)).make();

        assertThat(part.cache().isThere()).isFalse();
        assertThat(state.data("start-cache")).doesNotExist();
    }

    private Rehearsal rehearsal(String statement) throws IOException {
        Path folder = Files.createDirectory(root.resolve("part"));
        Path jar = TinyProgram.jar(folder, statement);
        List<String> command = JavaCommand.lean(List.of(), List.of("-jar", jar.toString()));
        return new Rehearsal() {
            @Override
            public String title() {
                return "part";
            }

            @Override
            public AotCache cache() throws IOException {
                return AotCache.of(folder, List.of(jar), command);
            }

            @Override
            public List<String> making(AotCache cache, Path data) {
                return cache.making(command);
            }

            @Override
            public Map<String, String> environment(Path data) {
                return Map.of("DATA", data.toString());
            }
        };
    }
}
