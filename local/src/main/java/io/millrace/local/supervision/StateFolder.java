package io.millrace.local.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where one Millrace keeps everything: {@code .millrace} or {@code MILLRACE_STATE}. To delete it is to start anew.
 *
 * @param root its absolute path
 */
public record StateFolder(Path root) {

    /** What the JVM keeps of the launcher's classes from one run to the next. */
    public Path launcherArchive() {
        return root.resolve("launcher.jsa");
    }

    /** What a part prints. */
    public Path log(String part) {
        return logs().resolve(part + ".log");
    }

    /** Where the logs are. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** The process ids of what runs, and the lock of the launcher. */
    public Path run() {
        return root.resolve("run");
    }

    /** The binaries of Postgres and Redis, unpacked. */
    public Path binaries() {
        return root.resolve("binaries");
    }

    /** The data of a part. */
    public Path data(String part) {
        return root.resolve(part);
    }

    /** The unpacked jar of a service. */
    public Path unpacked(Service service) {
        return unpacked(service.title());
    }

    /** What a part is started from. */
    Path unpacked(String part) {
        return root.resolve("apps").resolve(part);
    }

    /** The model repository. */
    public Path models() {
        return root.resolve("models");
    }

    /** What the programs of a reference application keep: its sources and reports, never the simulator's truth. */
    public Path application(String name) {
        return root.resolve("applications").resolve(name);
    }

    /** The key that the gateway demands; made at the first start. */
    public Path demoKey() {
        return root.resolve("demo-key");
    }

    /** Makes the key if there is none. */
    public void ensureDemoKey() throws IOException {
        secret(demoKey().getFileName().toString());
    }

    /** Why it cannot be written to, as a sentence with the way out; empty if it can. Makes it if it is not there. */
    public Optional<String> problem() {
        try {
            Files.createDirectories(root);
            Files.delete(Files.createTempFile(root, "writable", null));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "Cannot write to " + root + " (" + e + "). Set MILLRACE_STATE to a folder that can be written.");
        }
    }

    /** The secret in the file of that name, readable by its owner only; a new random one at the first call. */
    String secret(String name) throws IOException {
        Path file = root.resolve(name);
        if (Files.notExists(file)) {
            var random = new byte[24];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(random) + "\n", StandardOpenOption.TRUNCATE_EXISTING);
        }
        return Files.readString(file).strip();
    }
}
