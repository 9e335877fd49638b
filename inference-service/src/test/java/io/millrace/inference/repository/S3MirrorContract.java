package io.millrace.inference.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What a mirror does, whatever server has the bucket. */
abstract class S3MirrorContract {

    static final String BUCKET = "models";
    private static final byte[] MODEL = OnnxFile.dense(2, 1, 3).bytes();
    private static final String MANIFEST = "{\"sha256\": {\"model.onnx\": \"%s\"}}".formatted(TestModels.sha256(MODEL));

    @TempDir
    Path folder;

    /** A client of a server that has an empty bucket. */
    abstract S3Client client();

    @Test
    void aVersionAppearsWhenItsManifestIsThereAndGoesWithItsObjects() throws IOException {
        S3Client client = client();
        var mirror = new S3Mirror(client, properties(DataSize.ofMegabytes(1)), folder);
        put(client, "live/dense/1/model.onnx", MODEL);
        put(client, "live/dense/1/model.yaml", TestModels.DENSE_YAML);
        mirror.sync();
        assertThat(files()).isEmpty();

        put(client, "live/dense/1/manifest.json", MANIFEST);
        put(client, "live/routing.yaml", "routes: {}");
        mirror.sync();
        assertThat(files())
                .containsExactly(
                        "dense/1/.s3-tags",
                        "dense/1/manifest.json",
                        "dense/1/model.onnx",
                        "dense/1/model.yaml",
                        "routing.yaml");
        assertThat(folder.resolve("dense/1/model.onnx")).hasBinaryContent(MODEL);

        // A second mirror, as after a restart, finds what the first has copied.
        new S3Mirror(client, properties(DataSize.ofMegabytes(1)), folder).sync();
        client.deleteObject(request -> request.bucket(BUCKET).key("live/dense/1/manifest.json"));
        client.deleteObject(request -> request.bucket(BUCKET).key("live/routing.yaml"));
        mirror.sync();
        assertThat(files()).isEmpty();
    }

    @Test
    void aChangedVersionIsCopiedAgain() throws IOException {
        S3Client client = client();
        var mirror = new S3Mirror(client, properties(DataSize.ofMegabytes(1)), folder);
        put(client, "live/dense/1/model.yaml", "wrong");
        put(client, "live/dense/1/manifest.json", MANIFEST);
        mirror.sync();
        put(client, "live/dense/1/model.yaml", "right");
        mirror.sync();

        assertThat(folder.resolve("dense/1/model.yaml")).hasContent("right");
    }

    @Test
    void keysThatLeadElsewhereAndVersionsThatAreTooLargeAreLeftOut() throws IOException {
        S3Client client = client();
        for (String key : List.of(
                "live/../secret",
                "live/dense/1/../../x",
                "live/dense/1/.hidden",
                "live/dense/one/model.onnx",
                "live/dense/1/deep/model.onnx",
                "other/dense/2/manifest.json")) {
            put(client, key, "x");
        }
        put(client, "live/large/1/manifest.json", MANIFEST);
        put(client, "live/large/1/model.onnx", new byte[3000]);
        put(client, "live/dense/1/manifest.json", MANIFEST);
        new S3Mirror(client, properties(DataSize.ofBytes(2000)), folder).sync();

        assertThat(files()).containsExactly("dense/1/.s3-tags", "dense/1/manifest.json");
    }

    @Test
    void aBucketThatCannotBeReachedLeavesTheFolderAsItIs() throws IOException {
        S3Client client = client();
        put(client, "live/dense/1/manifest.json", MANIFEST);
        new S3Mirror(client, properties(DataSize.ofMegabytes(1)), folder).sync();
        new S3Mirror(
                        client,
                        new S3Properties("no-such-bucket", "live/", null, "us-east-1", true, DataSize.ofMegabytes(1)),
                        folder)
                .sync();

        assertThat(files()).containsExactly("dense/1/.s3-tags", "dense/1/manifest.json");
    }

    private static S3Properties properties(DataSize most) {
        return new S3Properties(BUCKET, "live/", null, "us-east-1", true, most);
    }

    private static void put(S3Client client, String key, String text) {
        put(client, key, text.getBytes(UTF_8));
    }

    private static void put(S3Client client, String key, byte[] bytes) {
        client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
