package io.millrace.local.application;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A caller of Millrace's HTTP APIs. */
final class HttpJson {

    static final JsonMapper JSON = new JsonMapper();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /**
     * What a server answered.
     *
     * @param text the body as it came
     */
    record Answer(int status, String text) {

        boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /** The body as JSON; a missing node where it is none. */
        JsonNode body() {
            try {
                return JSON.readTree(text);
            } catch (JacksonException e) {
                return JSON.missingNode();
            }
        }

        /** Why it was refused, in the words of its problem+json and its errors. */
        String problem() {
            JsonNode body = body();
            var problem = new StringBuilder("status " + status);
            if (body.hasNonNull("detail")) {
                problem.append(": ").append(body.path("detail").asString());
            } else if (!text.isBlank()) {
                problem.append(": ").append(text.strip());
            }
            for (JsonNode error : body.path("errors")) {
                problem.append("\n    ")
                        .append(error.path("pointer").asString())
                        .append(" ")
                        .append(error.path("detail").asString());
            }
            return problem.toString();
        }
    }

    Answer get(String url) throws IOException, InterruptedException {
        return send(request(url).GET());
    }

    Answer put(String url, String contentType, String body) throws IOException, InterruptedException {
        return send(request(url).header("Content-Type", contentType).PUT(BodyPublishers.ofString(body)));
    }

    Answer post(String url, Object body, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(url)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
        headers.forEach(request::header);
        return send(request);
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }
}
