package io.millrace.inference.repository;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The model repository: a folder for each model, in it a folder for each version. */
record RepositoryFolder(Path root) {

    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    // A trainer writes "7.tmp" and renames it to "7" when it is complete.
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

    /** What is there now: by model, by version. A repository that does not exist yet is empty. */
    SortedMap<String, NavigableMap<Integer, VersionFolder>> list() throws IOException {
        SortedMap<String, NavigableMap<Integer, VersionFolder>> models = new TreeMap<>();
        if (Files.notExists(root)) {
            return models;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, folder -> matches(MODEL, folder))) {
            for (Path folder : folders) {
                models.put(folder.getFileName().toString(), versions(folder));
            }
        }
        return models;
    }

    private static NavigableMap<Integer, VersionFolder> versions(Path model) throws IOException {
        NavigableMap<Integer, VersionFolder> versions = new TreeMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(model, folder -> matches(VERSION, folder))) {
            for (Path folder : folders) {
                versions.put(Integer.valueOf(folder.getFileName().toString()), new VersionFolder(folder));
            }
        } catch (NoSuchFileException _) {
            // removed since it was listed
        }
        return versions;
    }

    private static boolean matches(Pattern name, Path folder) {
        return name.matcher(folder.getFileName().toString()).matches() && Files.isDirectory(folder);
    }
}
