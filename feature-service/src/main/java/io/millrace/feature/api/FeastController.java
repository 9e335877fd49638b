package io.millrace.feature.api;

import com.google.protobuf.Timestamp;
import feast.proto.serving.FieldStatus;
import feast.proto.types.Value;
import io.millrace.feature.ConditionalOnRole;
import io.millrace.feature.ConditionalOnRole.Role;
import io.millrace.feature.FeatureException;
import io.millrace.feature.feast.FeatureValues;
import io.millrace.feature.online.FeatureColumn;
import io.millrace.feature.online.OnlineFeatureReader;
import io.millrace.feature.registry.FeatureRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Feast's feature server over HTTP, for its own clients: column-wise, entity columns first. Two things are other than
 * there, and no client reads them differently: the features are in the order of the request, and a value that is missing
 * has the status that says why, where Feast says PRESENT.
 *
 * <p>Source: {@code feature_server.py} of Feast 0.66. {@code FeastHttpTest} holds requests and answers captured from it.
 */
@RestController
@ConditionalOnRole(Role.SERVE)
final class FeastController {

    private final OnlineFeatureReader features;
    private final FeatureRegistry registry;

    FeastController(OnlineFeatureReader features, FeatureRegistry registry) {
        this.features = features;
        this.registry = registry;
    }

    /** A column for each name in the metadata. */
    record Answer(List<Column> results, Metadata metadata) {}

    record Column(List<@Nullable Object> values, List<FieldStatus> statuses, List<String> event_timestamps) {}

    record Metadata(List<String> feature_names) {}

    @GetMapping("/health")
    ResponseEntity<Void> health() {
        registry.require();
        return ResponseEntity.ok().build();
    }

    @PostMapping("/get-online-features")
    Answer get(@RequestBody(required = false) byte @Nullable [] body) {
        FeastRequest request = FeastRequest.read(body == null ? new byte[0] : body);
        Map<String, List<Value>> entities = request.entities(registry.require());
        List<FeatureColumn> columns =
                features.read(request.selection(), entities, request.fullFeatureNames(), Long.MAX_VALUE);
        List<String> names = new ArrayList<>();
        List<Column> results = new ArrayList<>();
        entities.forEach((joinKey, ids) -> {
            names.add(joinKey);
            results.add(new Column(
                    json(ids),
                    Collections.nCopies(ids.size(), FieldStatus.PRESENT),
                    Collections.nCopies(ids.size(), Instant.EPOCH.toString())));
        });
        for (FeatureColumn column : columns) {
            names.add(column.name());
            results.add(new Column(
                    json(column.values()),
                    column.statuses(),
                    column.eventTimes().stream().map(FeastController::rfc3339).toList()));
        }
        return new Answer(results, new Metadata(names));
    }

    /** Features are computed from events, so there is no push source to push to, whatever its name. */
    @PostMapping("/push")
    ResponseEntity<String> push(@RequestBody(required = false) byte @Nullable [] body) {
        return FeastErrors.of(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "PushSourceNotFoundException",
                "Unable to find push source '" + FeastRequest.pushSource(body == null ? new byte[0] : body) + "'.");
    }

    private static List<@Nullable Object> json(List<Value> values) {
        List<@Nullable Object> json = new ArrayList<>(values.size());
        values.forEach(value -> json.add(FeatureValues.toJson(value)));
        return json;
    }

    /** With 0, 3, 6 or 9 digits of the second, as protobuf's JSON and Feast have it. */
    private static String rfc3339(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
    }

    @ExceptionHandler
    ResponseEntity<String> error(FeatureException error) {
        return FeastErrors.of(error);
    }

    @ExceptionHandler
    ResponseEntity<String> unreadable(FeastRequest.Unreadable error) {
        return ResponseEntity.status(HttpStatus.UNPROCESSABLE_CONTENT)
                .contentType(MediaType.APPLICATION_JSON)
                .body(error.detail());
    }
}
