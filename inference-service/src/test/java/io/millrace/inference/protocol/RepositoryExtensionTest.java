package io.millrace.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import inference.GRPCInferenceServiceGrpc;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelLoadRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Loading and unloading by hand, with the key that it needs. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.grpc.server.port=0",
            "management.server.port=0",
            "millrace.inference.control=explicit",
            "millrace.inference.load=first",
            "millrace.inference.proof.enabled=false",
            // printf secret | sha256sum
            "millrace.inference.admin.key-sha256=2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
        })
@AutoConfigureRestTestClient
class RepositoryExtensionTest {

    private static final Metadata.Key<String> KEY =
            Metadata.Key.of("millrace-admin-key", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    static Path root;

    private final RestTestClient http;
    private final ManagedChannel channel;

    RepositoryExtensionTest(@Autowired RestTestClient http, @Autowired GrpcServerLifecycle server) {
        this.http = http;
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @DynamicPropertySource
    static void repository(DynamicPropertyRegistry registry) {
        var models = new TestModels(root);
        for (String model : new String[] {"first", "second", "third"}) {
            models.write(
                    model, 1, TestModels.DENSE_YAML, OnnxFile.dense(2, 1, 1).bytes());
        }
        registry.add("millrace.inference.repository", root::toString);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void aModelIsLoadedAndUnloadedByWhoHasTheKey() {
        await().until(() -> isReady("first"));
        assertThat(isReady("second")).isFalse();

        control("second", "load", "", "{}", HttpStatus.FORBIDDEN, "needs the admin key in the header");
        control("second", "load", "wrong", "{}", HttpStatus.FORBIDDEN, "needs the admin key in the header");
        control(
                "second",
                "load",
                "secret",
                "{\"parameters\": {\"config\": \"{}\"}}",
                HttpStatus.BAD_REQUEST,
                "leave out the parameters [config]");
        control("absent", "load", "secret", "{}", HttpStatus.NOT_FOUND, "there is no model \"absent\"");
        control("second", "load", "secret", "", HttpStatus.OK, null);
        assertThat(isReady("second")).isTrue();

        control("second", "unload", "secret", "{\"parameters\": {\"unload_dependents\": false}}", HttpStatus.OK, null);
        assertThat(isReady("second")).isFalse();
        http.post()
                .uri("/v2/models/second/infer")
                .body("{\"inputs\": []}".getBytes(UTF_8))
                .exchange()
                .expectStatus()
                .is5xxServerError();
    }

    @Test
    void grpcNeedsTheSameKey() {
        var stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
        RepositoryModelLoadRequest third =
                RepositoryModelLoadRequest.newBuilder().setModelName("third").build();
        assertThatThrownBy(() -> stub.repositoryModelLoad(third))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("PERMISSION_DENIED");

        var headers = new Metadata();
        headers.put(KEY, "secret");
        stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .repositoryModelLoad(third);

        assertThat(stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                        .getModelsList())
                .anySatisfy(model -> {
                    assertThat(model.getName()).isEqualTo("third");
                    assertThat(model.getState()).isEqualTo("READY");
                });
    }

    private boolean isReady(String model) {
        return http.get()
                .uri("/v2/models/" + model + "/ready")
                .exchange()
                .expectBody()
                .returnResult()
                .getStatus()
                .is2xxSuccessful();
    }

    private void control(
            String model, String action, String key, String body, HttpStatus status, @Nullable String reason) {
        var answer = http.post()
                .uri("/v2/repository/models/" + model + "/" + action)
                .header("Millrace-Admin-Key", key)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange()
                .expectStatus()
                .isEqualTo(status);
        if (reason != null) {
            answer.expectBody()
                    .jsonPath("$.error")
                    .value(String.class, error -> assertThat(error).contains(reason));
        }
    }
}
