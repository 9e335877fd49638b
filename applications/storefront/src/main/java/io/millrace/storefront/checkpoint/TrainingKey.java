package io.millrace.storefront.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A hash of everything that decides what a training makes: two trainings with the same one make the same models. */
public final class TrainingKey {

    private final MessageDigest digest = sha256();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    /** Adds a number. */
    public TrainingKey add(long value) {
        digest.update(number.putLong(0, value).array());
        return this;
    }

    /** Adds a text. */
    public TrainingKey add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        digest.update(bytes);
        return this;
    }

    /** Adds the classes of a jar or folder of classes: the one that this class comes from. */
    public TrainingKey addProgramOf(Class<?> one) {
        CodeSource source = one.getProtectionDomain().getCodeSource();
        try {
            Path from = Path.of(source.getLocation().toURI());
            if (Files.isDirectory(from)) {
                addFolder(from);
            } else {
                addJar(from);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("the program in " + source.getLocation() + " cannot be read", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program's place is no path: " + source.getLocation(), e);
        }
    }

    /** The hash of all that was added. Nothing may be added afterwards. */
    public byte[] toBytes() {
        return digest.digest();
    }

    private void addFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(each -> isClass(each.toString()))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList()) {
                add(folder.relativize(file).toString());
                addAll(Files.readAllBytes(file));
            }
        }
    }

    /** Entry by entry, as the archive itself has the times of its build in it. */
    private void addJar(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            List<JarEntry> entries = jar.stream()
                    .filter(each -> isClass(each.getName()))
                    .sorted(Comparator.comparing(JarEntry::getName))
                    .toList();
            for (JarEntry entry : entries) {
                add(entry.getName());
                try (InputStream in = jar.getInputStream(entry)) {
                    addAll(in.readAllBytes());
                }
            }
        }
    }

    private void addAll(byte[] bytes) {
        add(bytes.length);
        digest.update(bytes);
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class");
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
