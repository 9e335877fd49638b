package io.millrace.storefront.gateway;

import io.millrace.wire.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls the public API. What is not answered with success is an exception: {@link Busy} when it may work later, an
 * {@link IOException} with the problem's own words when it will not.
 */
public final class Gateway implements AutoCloseable {

    /** The system asks to come back later. */
    public static final class Busy extends IOException {

        private static final long serialVersionUID = 1;

        private final Duration after;

        Busy(Duration after, String message) {
            super(message);
            this.after = after;
        }

        /** How long to wait before the next try. */
        public Duration after() {
            return after;
        }
    }

    /** What became of some events. */
    public record Receipt(int accepted, int duplicates, List<String> rejected) {

        public Receipt {
            rejected = List.copyOf(rejected);
        }
    }

    /** An answer: the items, best first, and what was missing while it was made. */
    public record Answer(List<String> items, List<String> degraded) {

        public Answer {
            items = List.copyOf(items);
            degraded = List.copyOf(degraded);
        }
    }

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final JsonMapper json = new JsonMapper();
    private final URI base;
    private final String key;

    public Gateway(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /** Hands over at most 500 events. */
    public Receipt send(List<Event> events) throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode();
        ArrayNode array = body.putArray("events");
        events.forEach(event -> write(array.addObject(), event));
        JsonNode answer = post("/v1/events", body);
        List<String> rejected = StreamSupport.stream(answer.path("rejected").spliterator(), false)
                .map(one -> events.get(one.path("index").asInt()).id() + ": "
                        + one.path("problem").path("detail").asString("rejected"))
                .toList();
        return new Receipt(
                answer.path("accepted").asInt(), answer.path("duplicates").asInt(), rejected);
    }

    /** Asks the storefront for a customer's list without some items. */
    public Answer recommend(String customer, Collection<String> exclude, int limit)
            throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode();
        body.putObject("entities").put("customer", customer);
        body.put("limit", limit);
        ArrayNode excluded = body.putArray("exclude");
        exclude.forEach(excluded::add);
        JsonNode answer = post("/v1/applications/storefront/predictions", body);
        return new Answer(texts(answer.path("results"), "id"), texts(answer.path("degraded"), "step"));
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return switch (response.statusCode()) {
            case 200, 202 -> json.readTree(response.body());
            case 429, 503 -> throw new Busy(retryAfter(response), problem(path, response));
            default -> throw new IOException(problem(path, response));
        };
    }

    private static void write(ObjectNode node, Event event) {
        node.put("id", event.id());
        node.put("type", event.type());
        node.put("time", event.time().toString());
        ObjectNode entities = node.putObject("entities");
        event.entities().forEach(entities::put);
        if (!event.value().isEmpty()) {
            ObjectNode value = node.putObject("value");
            event.value().forEach((name, one) -> write(value, name, one));
        }
        if (event.sourceTime() != null) {
            node.put("source_time", event.sourceTime().toString());
        }
    }

    private static void write(ObjectNode node, String name, Object value) {
        switch (value) {
            case Boolean flag -> node.put(name, flag);
            case Long number -> node.put(name, number);
            case Double number -> node.put(name, number);
            default -> node.put(name, value.toString());
        }
    }

    private static List<String> texts(JsonNode array, String name) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(one -> one.path(name).asString(""))
                .toList();
    }

    private static Duration retryAfter(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.chars().allMatch(Character::isDigit))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .orElse(Duration.ofSeconds(1));
    }

    private static String problem(String path, HttpResponse<byte[]> response) {
        return "POST %s answered %d: %s"
                .formatted(path, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    }
}
