package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** A jar of one statement, for tests that start a JVM. */
final class TinyProgram {

    private TinyProgram() {}

    /** The jar, in a folder where nothing else is called Program. */
    static Path jar(Path folder, String statement) throws IOException {
        Path source = Files.writeString(
                folder.resolve("Program.java"),
                "public class Program { public static void main(String[] arguments) { " + statement + " } }");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", source.toString()))
                .isZero();
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Program");
        Path jar = folder.resolve("program.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("Program.class"));
            out.write(Files.readAllBytes(folder.resolve("Program.class")));
        }
        return jar;
    }
}
