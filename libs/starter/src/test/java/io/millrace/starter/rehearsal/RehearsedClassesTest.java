package io.millrace.starter.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsedClassesTest {

    @TempDir
    private Path folder;

    @Test
    void whatTheOtherRunHasNeededIsLoadedAndWhatItMadeItselfIsLeft() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), """
                java.util.ArrayDeque source: shared objects file
                jdk.proxy2.$Proxy999999 source: __dynamic_proxy__
                io.millrace.Lost$$Lambda/0x000000000a1b2c3d source: io.millrace.Lost
                java.util.BitSet source: jrt:/java.base
                not a line of the log
                """);
        var asked = new Asked();

        new RehearsedClasses(log, asked).afterSingletonsInstantiated();

        assertThat(asked.loaded).containsExactly("java.util.ArrayDeque", "java.util.BitSet");
    }

    private static final class Asked extends ClassLoader {

        final List<String> loaded = new ArrayList<>();

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> found = super.loadClass(name, resolve);
            loaded.add(name);
            return found;
        }
    }
}
