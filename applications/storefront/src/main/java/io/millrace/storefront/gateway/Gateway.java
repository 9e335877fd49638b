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

    /**
     * An answer.
     *
     * @param id of the prediction
     * @param items best first
     * @param scores of the items
     * @param degraded what was missing while it was made
     */
    public record Answer(String id, List<String> items, List<Double> scores, List<String> degraded) {

        public Answer {
            items = List.copyOf(items);
            scores = List.copyOf(scores);
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
        return ask("storefront", customer, exclude, limit);
    }

    /** Asks an application that takes the storefront's requests. */
    public Answer ask(String application, String customer, Collection<String> exclude, int limit)
            throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode();
        body.putObject("entities").put("customer", customer);
        body.put("limit", limit);
        ArrayNode excluded = body.putArray("exclude");
        exclude.forEach(excluded::add);
        JsonNode answer = post("/v1/applications/" + application + "/predictions", body);
        List<Double> scores = StreamSupport.stream(answer.path("results").spliterator(), false)
                .map(one -> one.path("score").asDouble(0))
                .toList();
        return new Answer(
                answer.path("prediction_id").asString(""),
                texts(answer.path("results"), "id"),
                scores,
                texts(answer.path("degraded"), "step"));
    }

    /** The definition of an application, in YAML. */
    public String definition(String application) throws IOException, InterruptedException {
        return send("GET", "/v1/applications/" + application, HttpRequest.BodyPublishers.noBody())
                .path("definition")
                .asString("");
    }

    /** Publishes an application without sources. */
    public void define(String application, String definition) throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode();
        body.put("definition", definition);
        body.putObject("sources");
        send(
                "PUT",
                "/v1/applications/" + application,
                HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
    }

    /** The newest items in a customer's features, newest first. */
    public List<String> recentItems(String customer) throws IOException, InterruptedException {
        JsonNode features = send(
                        "GET", "/v1/entities/customer/" + customer + "/features", HttpRequest.BodyPublishers.noBody())
                .path("features");
        return StreamSupport.stream(features.spliterator(), false)
                .filter(feature -> feature.path("name").asString("").equals("recent_items"))
                .flatMap(feature -> StreamSupport.stream(feature.path("value").spliterator(), false))
                .map(item -> item.asString(""))
                .toList();
    }

    /** Whether a search of a collection can find a point; the vector has one number for each of {@code width}. */
    public boolean isFound(String collection, String vector, int width, String id)
            throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode();
        ArrayNode numbers = body.putObject("vector").putArray(vector);
        for (int i = 0; i < width; i++) {
            numbers.add(1.0);
        }
        body.put("limit", 1);
        body.putObject("filter").putArray("must").addObject().putArray("ids").add(id);
        String answer =
                post("/v1/collections/" + collection + "/points:query", body).toString();
        return answer.contains('"' + id + '"');
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        return send("POST", path, HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
    }

    private JsonNode send(String method, String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return switch (response.statusCode()) {
            case 200, 201, 202 -> json.readTree(response.body());
            case 429, 503 -> throw new Busy(retryAfter(response), problem(method, path, response));
            default -> throw new IOException(problem(method, path, response));
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

    private static String problem(String method, String path, HttpResponse<byte[]> response) {
        return "%s %s answered %d: %s"
                .formatted(method, path, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    }
}
