package io.millrace.feature.online;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.feature.FeatureException;
import io.millrace.feature.feast.RowLayout;
import io.millrace.feature.registry.Entity;
import io.millrace.feature.registry.FeatureReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a list of features is read: for each entity the fields of one HMGET over all its views, and for each feature where
 * its value and its row's time are in the answer. Made once for a list, then used by many threads.
 *
 * @param names of the features in the answer
 */
record ReadPlan(List<Read> reads, List<Slot> slots, List<String> names) {

    /** One HMGET per id of this entity. */
    record Read(Entity entity, byte[][] fields) {}

    /**
     * Where a feature is.
     *
     * @param read which of the reads has it
     * @param field where its value is among the fields
     * @param timestamp where its row's time is among the fields
     * @param made where the hash of the definition that made the row is among the fields
     * @param definition the hash that it must have
     */
    record Slot(
            int read,
            int field,
            int timestamp,
            int made,
            byte[] definition,
            @Nullable Duration ttl) {}

    static ReadPlan of(List<FeatureReference> features, boolean fullNames) {
        List<String> names = features.stream()
                .map(fullNames ? FeatureReference::fullName : FeatureReference::name)
                .toList();
        Set<String> distinct = new HashSet<>(names);
        if (distinct.size() < names.size()) {
            throw new FeatureException.InvalidRequest(
                    "/features", "two features have one name; ask for full_feature_names, or for each once");
        }
        List<Entity> entities = new ArrayList<>();
        List<List<byte[]>> fields = new ArrayList<>();
        List<Slot> slots = new ArrayList<>();
        for (FeatureReference feature : features) {
            Entity entity = feature.view().entity();
            int read = entities.indexOf(entity);
            if (read < 0) {
                read = entities.size();
                entities.add(entity);
                fields.add(new ArrayList<>());
            }
            int timestamp = place(
                    fields.get(read), RowLayout.timestampField(feature.view().name()));
            int field = place(
                    fields.get(read), RowLayout.featureField(feature.view().name(), feature.name()));
            int made = place(
                    fields.get(read), RowLayout.definitionField(feature.view().name()));
            byte[] definition = feature.view().hash().getBytes(US_ASCII);
            slots.add(new Slot(
                    read, field, timestamp, made, definition, feature.view().ttl()));
        }
        List<Read> reads = new ArrayList<>();
        for (int i = 0; i < entities.size(); i++) {
            reads.add(new Read(entities.get(i), fields.get(i).toArray(byte[][]::new)));
        }
        return new ReadPlan(List.copyOf(reads), List.copyOf(slots), names);
    }

    private static int place(List<byte[]> fields, byte[] field) {
        for (int i = 0; i < fields.size(); i++) {
            if (Arrays.equals(fields.get(i), field)) {
                return i;
            }
        }
        fields.add(field);
        return fields.size() - 1;
    }
}
