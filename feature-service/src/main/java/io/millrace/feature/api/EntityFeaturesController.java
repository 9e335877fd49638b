package io.millrace.feature.api;

import com.google.protobuf.Timestamp;
import feast.proto.serving.FieldStatus;
import feast.proto.types.Value;
import io.millrace.feature.ConditionalOnRole;
import io.millrace.feature.ConditionalOnRole.Role;
import io.millrace.feature.FeatureException;
import io.millrace.feature.feast.FeatureValues;
import io.millrace.feature.online.FeatureColumn;
import io.millrace.feature.online.FeatureSelection;
import io.millrace.feature.online.OnlineFeatureReader;
import io.millrace.feature.registry.Definitions;
import io.millrace.feature.registry.Entity;
import io.millrace.feature.registry.FeatureReference;
import io.millrace.feature.registry.FeatureRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** All that is known of one entity, for people. */
@RestController
@ConditionalOnRole(Role.SERVE)
final class EntityFeaturesController {

    private final FeatureRegistry registry;
    private final OnlineFeatureReader reader;
    private final InstantSource clock;

    EntityFeaturesController(FeatureRegistry registry, OnlineFeatureReader reader, InstantSource clock) {
        this.registry = registry;
        this.reader = reader;
        this.clock = clock;
    }

    record EntityFeatures(String entity, String id, List<Feature> features) {}

    /**
     * One value.
     *
     * @param event_time of the newest event in it; null where there is none
     * @param age_seconds since then
     */
    record Feature(
            String view,
            String name,
            @Nullable Object value,
            FieldStatus status,
            @Nullable Instant event_time,
            @Nullable Long age_seconds) {}

    @GetMapping("/v1/entities/{entity}/{id}/features")
    EntityFeatures get(@PathVariable String entity, @PathVariable String id) {
        Definitions definitions = registry.require();
        Entity known = definitions
                .entity(entity)
                .orElseThrow(() -> new FeatureException.UnknownFeature("there is no entity " + entity));
        List<String> views = definitions.views().stream()
                .filter(view -> view.entity().equals(known))
                .map(view -> view.name() + ":*")
                .toList();
        FeatureSelection all = new FeatureSelection.Listed(views);
        Value value = Value.newBuilder().setStringVal(id).build();
        List<FeatureColumn> columns = reader.read(all, Map.of(known.joinKey(), List.of(value)), true, Long.MAX_VALUE);
        List<FeatureReference> references = all.in(definitions);
        Instant now = clock.instant();
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            features.add(feature(references.get(i), columns.get(i), now));
        }
        return new EntityFeatures(entity, id, features);
    }

    private static Feature feature(FeatureReference reference, FeatureColumn column, Instant now) {
        FieldStatus status = column.statuses().getFirst();
        Timestamp timestamp = column.eventTimes().getFirst();
        Instant eventTime = status == FieldStatus.NOT_FOUND
                ? null
                : Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
        return new Feature(
                reference.view().name(),
                reference.name(),
                FeatureValues.toJson(column.values().getFirst()),
                status,
                eventTime,
                eventTime == null ? null : Duration.between(eventTime, now).toSeconds());
    }
}
