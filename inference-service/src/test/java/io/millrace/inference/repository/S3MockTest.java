package io.millrace.inference.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** With Adobe's S3Mock, which the profile {@code long} brings, as a process of its own. */
@Tag("long")
class S3MockTest extends S3MirrorContract {

    @TempDir
    static Path work;

    private static Process server;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        // The jar that can be run has its classes inside BOOT-INF; it is on the class path to be found here.
        String inside = String.valueOf(S3MockTest.class.getClassLoader().getResource("BOOT-INF/classpath.idx"));
        assertThat(inside).contains("s3mock").startsWith("jar:file:");
        Path jar = Path.of(URI.create(inside.substring("jar:".length(), inside.indexOf('!'))));
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-Djava.io.tmpdir=" + work,
                        "-jar",
                        jar.toString(),
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.httpPort=" + port)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("s3mock.log").toFile())
                .start();
        try (S3Client client = newClient()) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptionsInstanceOf(SdkException.class)
                    .until(() -> {
                        client.listBuckets();
                        return true;
                    });
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.destroy();
        server.waitFor();
    }

    @Override
    S3Client client() {
        S3Client client = newClient();
        if (client.listBuckets().buckets().stream()
                .noneMatch(bucket -> bucket.name().equals(BUCKET))) {
            client.createBucket(request -> request.bucket(BUCKET));
        }
        client.listObjectsV2Paginator(request -> request.bucket(BUCKET))
                .contents()
                .forEach(object ->
                        client.deleteObject(request -> request.bucket(BUCKET).key(object.key())));
        return client;
    }

    private static S3Client newClient() {
        return S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .forcePathStyle(true)
                .build();
    }
}
