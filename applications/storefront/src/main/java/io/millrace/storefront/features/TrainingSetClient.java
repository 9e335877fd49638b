package io.millrace.storefront.features;

import io.millrace.storefront.training.FeatureTable;
import io.millrace.storefront.training.TrainingSets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Asks the feature service for {@code POST /v1/training-sets}. */
public final class TrainingSetClient implements TrainingSets, AutoCloseable {

    /** As many rows as the service takes at once. */
    private static final int MOST_ROWS = 1_000_000;

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI features;

    public TrainingSetClient(URI features) {
        this.features = features;
    }

    /** The feature definitions in force, as the feature service writes them. */
    public String definitions() {
        HttpRequest request = HttpRequest.newBuilder(features.resolve("/v1/feature-definitions"))
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "GET %s answered %d: %s".formatted(request.uri(), response.statusCode(), response.body()));
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException("no feature definitions from " + request.uri() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the feature definitions", e);
        }
    }

    @Override
    public FeatureTable at(String featureService, List<String> entities, long[] micros) {
        if (micros.length > MOST_ROWS) {
            throw new IllegalArgumentException("a training set has at most %,d rows, not %,d; train on fewer items"
                    .formatted(MOST_ROWS, micros.length));
        }
        HttpRequest request = HttpRequest.newBuilder(features.resolve("/v1/training-sets"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(featureService, entities, micros)))
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IllegalStateException("POST %s answered %d: %s"
                            .formatted(
                                    request.uri(),
                                    response.statusCode(),
                                    new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                }
                return TrainingSetReader.read(json.createParser(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no training set from " + request.uri() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a training set", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private byte[] body(String featureService, List<String> entities, long[] micros) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(48 * micros.length + 64);
        try (JsonGenerator generator = json.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeStringProperty("feature_service", featureService);
            generator.writeArrayPropertyStart("entities");
            entities.forEach(generator::writeString);
            generator.writeEndArray();
            generator.writeArrayPropertyStart("times");
            for (long moment : micros) {
                generator.writeNumber(moment);
            }
            generator.writeEndArray();
            // the service refuses a set whose features would know of its labels
            generator.writeArrayPropertyStart("labels_from");
            for (long moment : micros) {
                generator.writeNumber(moment);
            }
            generator.writeEndArray();
            generator.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
