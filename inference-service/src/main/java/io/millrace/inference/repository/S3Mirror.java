package io.millrace.inference.repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Keeps the repository's folder equal to a bucket. The keys are the folder's paths: {@code <model>/<version>/<file>},
 * {@code <model>/model.yaml} and {@code routing.yaml}; others are not looked at, so that no key can lead anywhere else. A
 * version is taken when its {@code manifest.json} is there, which its writer therefore puts last, and appears in the folder
 * whole. While the bucket cannot be reached the folder stays as it is.
 */
final class S3Mirror implements RepositorySource {

    private static final Logger log = LoggerFactory.getLogger(S3Mirror.class);

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
    private static final Pattern IN_VERSION = Pattern.compile("(%s)/([1-9][0-9]{0,8})/(%s)".formatted(NAME, NAME));
    private static final Pattern BESIDE = Pattern.compile("%s/model\\.yaml|routing\\.yaml".formatted(NAME));
    private static final String MANIFEST = "manifest.json";
    private static final String TAGS = ".s3-tags"; // in a version's folder: what was copied
    private static final int MOST_OBJECTS = 20_000;
    private static final int MOST_FILES = 32; // of one version
    private static final long MOST_BYTES_BESIDE = 1 << 20;

    private final S3Client client;
    private final S3Properties properties;
    private final Path folder;
    private final Map<String, String> beside = new HashMap<>(); // tags of what was copied beside versions
    private boolean reachable = true;

    S3Mirror(S3Client client, S3Properties properties, Path folder) {
        this.client = client;
        this.properties = properties;
        this.folder = folder;
    }

    @Override
    public void sync() {
        try {
            SortedMap<String, S3Object> objects = list();
            SortedMap<String, SortedMap<String, S3Object>> versions = new TreeMap<>();
            for (Map.Entry<String, S3Object> object : objects.entrySet()) {
                Matcher file = IN_VERSION.matcher(object.getKey());
                if (file.matches()) {
                    versions.computeIfAbsent(file.group(1) + "/" + file.group(2), _ -> new TreeMap<>())
                            .put(file.group(3), object.getValue());
                } else if (BESIDE.matcher(object.getKey()).matches()) {
                    copyBeside(object.getKey(), object.getValue());
                }
            }
            versions.values().removeIf(files -> !files.containsKey(MANIFEST));
            for (Map.Entry<String, SortedMap<String, S3Object>> version : versions.entrySet()) {
                copy(version.getKey(), version.getValue());
            }
            removeOthers(versions, objects);
            reachable = true;
        } catch (SdkException | IOException | UncheckedIOException e) {
            if (reachable) {
                log.atWarn()
                        .addKeyValue("bucket", properties.bucket())
                        .setCause(e)
                        .log("model bucket unreachable");
            }
            reachable = false;
        }
    }

    private SortedMap<String, S3Object> list() throws IOException {
        SortedMap<String, S3Object> objects = new TreeMap<>();
        var request = ListObjectsV2Request.builder()
                .bucket(properties.bucket())
                .prefix(properties.prefix())
                .build();
        for (S3Object object : client.listObjectsV2Paginator(request).contents()) {
            objects.put(object.key().substring(properties.prefix().length()), object);
            if (objects.size() > MOST_OBJECTS) {
                throw new IOException("the bucket has more than %d objects under \"%s\""
                        .formatted(MOST_OBJECTS, properties.prefix()));
            }
        }
        return objects;
    }

    private void copyBeside(String path, S3Object object) throws IOException {
        if (object.eTag().equals(beside.get(path)) || object.size() > MOST_BYTES_BESIDE) {
            return;
        }
        Path target = folder.resolve(path);
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(target.getFileName() + ".tmp");
        download(object, part);
        move(part, target);
        beside.put(path, object.eTag());
    }

    private void copy(String path, SortedMap<String, S3Object> files) throws IOException {
        var tags = new StringBuilder();
        long size = 0;
        for (Map.Entry<String, S3Object> file : files.entrySet()) {
            tags.append(file.getKey())
                    .append(' ')
                    .append(file.getValue().eTag())
                    .append('\n');
            size += file.getValue().size();
        }
        Path target = folder.resolve(path);
        Path known = target.resolve(TAGS);
        if (Files.exists(known) && Files.readString(known).contentEquals(tags)) {
            return;
        }
        if (size > properties.maxVersionSize().toBytes() || files.size() > MOST_FILES) {
            log.atWarn()
                    .addKeyValue("version", path)
                    .addKeyValue("bytes", size)
                    .addKeyValue("files", files.size())
                    .log("version too large to be copied");
            return;
        }
        Path part = target.resolveSibling(target.getFileName() + ".tmp");
        remove(part);
        Files.createDirectories(part);
        for (Map.Entry<String, S3Object> file : files.entrySet()) {
            download(file.getValue(), part.resolve(file.getKey()));
        }
        Files.writeString(part.resolve(TAGS), tags);
        remove(target);
        move(part, target);
    }

    private void download(S3Object object, Path to) throws IOException {
        Files.deleteIfExists(to);
        client.getObject(
                request -> request.bucket(properties.bucket()).key(object.key()).ifMatch(object.eTag()), to);
    }

    /** What was copied and is no longer in the bucket. What somebody else has put into the folder stays. */
    private void removeOthers(Map<String, SortedMap<String, S3Object>> versions, SortedMap<String, S3Object> objects)
            throws IOException {
        for (String path : beside.keySet().stream().toList()) {
            if (!objects.containsKey(path)) {
                Files.deleteIfExists(folder.resolve(path));
                beside.remove(path);
            }
        }
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> tags = Files.find(folder, 3, (file, _) -> file.endsWith(TAGS))) {
            for (Path version : tags.map(Path::getParent).toList()) {
                Path name = folder.relativize(version);
                String path = name.getName(0) + "/" + name.getName(1);
                if (!path.endsWith(".tmp") && !versions.containsKey(path)) {
                    remove(version);
                    removeIfEmpty(folder.resolve(name.getName(0)));
                }
            }
        }
    }

    private static void removeIfEmpty(Path model) throws IOException {
        try (Stream<Path> left = Files.list(model)) {
            if (left.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(model);
    }

    private static void remove(Path tree) throws IOException {
        if (Files.notExists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the repository must be on one file system", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
