package io.millrace.storefront.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.wire.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventUploadTest {

    private final Queue<JsonNode> bodies = new ConcurrentLinkedQueue<>();
    private final AtomicInteger busyAnswers = new AtomicInteger();
    private final HttpServer server = server();

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void sendsFullRequestsAndTheRest() throws Exception {
        try (Gateway gateway = gateway("right");
                EventUpload upload = new EventUpload(gateway, line -> {})) {
            for (int i = 0; i < 1_100; i++) {
                upload.add(event(i));
            }
            upload.finish();

            assertThat(upload.accepted()).isEqualTo(1_100);
        }
        assertThat(bodies).extracting(body -> body.path("events").size()).containsExactlyInAnyOrder(500, 500, 100);
        assertThat(bodies.element().at("/events/0/value/price").asDouble()).isEqualTo(2.5);
    }

    @Test
    void comesBackWhenTheSystemIsBusy() throws Exception {
        busyAnswers.set(3);
        try (Gateway gateway = gateway("right");
                EventUpload upload = new EventUpload(gateway, line -> {})) {
            upload.add(event(1));
            upload.finish();

            assertThat(upload.accepted()).isEqualTo(1);
        }
        assertThat(bodies).hasSize(4);
    }

    @Test
    void tellsWhatTheGatewayFindsWrong() throws Exception {
        try (Gateway gateway = gateway("wrong");
                EventUpload upload = new EventUpload(gateway, line -> {})) {
            upload.add(event(1));

            assertThatThrownBy(upload::finish)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("401")
                    .hasMessageContaining("no such key");
        }
    }

    private Gateway gateway(String key) {
        return new Gateway(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), key);
    }

    private static Event event(int number) {
        return new Event(
                "e" + number,
                "purchase",
                Instant.EPOCH,
                Map.of("item", "a"),
                null,
                Map.of("quantity", 1L, "price", 2.5),
                null);
    }

    private HttpServer server() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            started.createContext("/v1/events", this::answer);
            started.start();
            return started;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode body = new JsonMapper().readTree(exchange.getRequestBody().readAllBytes());
        bodies.add(body);
        if (!"Bearer right".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{\"detail\":\"no such key\"}");
        } else if (busyAnswers.getAndDecrement() > 0) {
            exchange.getResponseHeaders().add("Retry-After", "0");
            send(exchange, 503, "{\"detail\":\"Kafka is away\"}");
        } else {
            send(
                    exchange,
                    202,
                    "{\"accepted\":%d,\"duplicates\":0,\"rejected\":[]}"
                            .formatted(body.path("events").size()));
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
