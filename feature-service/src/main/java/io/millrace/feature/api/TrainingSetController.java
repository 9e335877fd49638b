package io.millrace.feature.api;

import io.millrace.feature.ConditionalOnRole;
import io.millrace.feature.ConditionalOnRole.Role;
import io.millrace.feature.FeatureException;
import io.millrace.feature.offline.TrainingColumn;
import io.millrace.feature.offline.TrainingSet;
import io.millrace.feature.offline.TrainingSets;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Training sets, column by column, written as they are read. */
@RestController
@ConditionalOnRole(Role.OFFLINE)
final class TrainingSetController {

    private final TrainingSets trainingSets;
    private final JsonMapper json;

    TrainingSetController(TrainingSets trainingSets, JsonMapper json) {
        this.trainingSets = trainingSets;
        this.json = json;
    }

    @PostMapping(path = "/v1/training-sets", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<StreamingResponseBody> make(@RequestBody TrainingSetRequest request) {
        int rows = request.times().size();
        if (request.entities().size() != rows) {
            throw new FeatureException.InvalidRequest("/times", "give as many times as entities");
        }
        if (request.entities().contains(null) || request.times().contains(null)) {
            throw new FeatureException.InvalidRequest("/entities", "null is no entity and no time");
        }
        request.requireLabelsAfterFeatures();
        long[] micros = request.times().stream()
                .mapToLong(TrainingSetRequest.Moment::micros)
                .toArray();
        TrainingSet made = trainingSets.make(request.featureService(), request.entities(), micros);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(out -> write(made, out));
    }

    private void write(TrainingSet made, OutputStream out) {
        try (JsonGenerator generator = json.createGenerator(out)) {
            generator.writeStartObject();
            generator.writePOJOProperty("feature_names", made.featureNames());
            generator.writeArrayPropertyStart("columns");
            for (TrainingColumn column : made.columns()) {
                generator.writeStartArray();
                for (int row = 0; row < made.rows(); row++) {
                    write(column.get(row), generator);
                }
                generator.writeEndArray();
            }
            generator.writeEndArray();
            generator.writePOJOProperty(
                    "stream_time",
                    made.streamTime() == null ? null : made.streamTime().toString());
            generator.writeEndObject();
        }
    }

    private static void write(@Nullable Object value, JsonGenerator generator) {
        switch (value) {
            case null -> generator.writeNull();
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case Boolean flag -> generator.writeBoolean(flag);
            case List<?> items -> {
                generator.writeStartArray();
                items.forEach(item -> generator.writeString(String.valueOf(item)));
                generator.writeEndArray();
            }
            default -> generator.writeString(value.toString());
        }
    }
}
