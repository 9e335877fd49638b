package io.millrace.local.supervision;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A service's jar, unpacked into one jar and its libraries: it starts faster so, and a rebuild leaves it alone. */
final class UnpackedJar {

    private UnpackedJar() {}

    /** The jar to run, unpacked into {@code folder} again if the built one has changed. */
    static Path of(Path built, Path folder) throws IOException, InterruptedException {
        // A reproducible build gives every jar the same time of modification; this is when the file really changed.
        String version = Files.size(built) + " " + Files.getAttribute(built, "unix:ctime") + "\n";
        Path stamp = folder.resolve("unpacked-from");
        Path jar = folder.resolve(built.getFileName());
        if (Files.exists(stamp) && Files.exists(jar) && Files.readString(stamp).equals(version)) {
            return jar;
        }
        deleteAll(folder);
        List<String> command = List.of(
                JavaCommand.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djarmode=tools",
                "-jar",
                built.toString(),
                "extract",
                "--destination",
                folder.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("cannot unpack " + built + ": " + said.strip());
        }
        Files.writeString(stamp, version);
        return jar;
    }

    static void deleteAll(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
