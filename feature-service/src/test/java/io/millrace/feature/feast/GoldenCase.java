package io.millrace.feature.feast;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import feast.proto.types.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows that Feast itself wrote, from {@code golden/feast-0.66.0.json}. Version 3 of the keys is used; version 2, which stands
 * there too, is not something Millrace writes.
 *
 * @param hash field to value, both in hex, as the rows left it; null where Feast refused the row
 */
public record GoldenCase(
        String id,
        String project,
        String view,
        List<String> joinKeys,
        List<Row> rows,
        String key,
        Map<String, String> hash) {

    /** A row as it was given to Feast. */
    public record Row(List<Value> entity, Instant eventTime, Map<String, Value> features) {}

    /** All cases. */
    public static Stream<GoldenCase> all() {
        try (InputStream in = GoldenCase.class.getResourceAsStream("/golden/feast-0.66.0.json")) {
            JsonNode file =
                    JsonMapper.shared().readTree(Objects.requireNonNull(in).readAllBytes());
            return file.get("cases").valueStream().map(GoldenCase::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether Feast refused the row. */
    public boolean isRefused() {
        return hash.isEmpty();
    }

    /** The entity key of a row. */
    public byte[] encodeKey(Row row) {
        return new EntityKeyCodec(project, joinKeys.toArray(String[]::new))
                .encode(row.entity().toArray(Value[]::new));
    }

    private static GoldenCase of(JsonNode json) {
        JsonNode expected = json.path("expected");
        Map<String, String> hash = new TreeMap<>();
        expected.path("hashes")
                .path(0)
                .valueStream()
                .forEach(field -> hash.put(
                        field.get("field_hex").asString(),
                        field.get("value_hex").asString()));
        return new GoldenCase(
                json.get("id").asString(),
                json.get("project").asString(),
                json.get("feature_view").asString(),
                json.get("join_keys").valueStream().map(JsonNode::asString).toList(),
                json.get("rows").valueStream().map(GoldenCase::row).toList(),
                expected.path("redis_keys_hex_v3").path(0).asString(""),
                hash);
    }

    private static Row row(JsonNode json) {
        Map<String, Value> features = new TreeMap<>();
        json.get("features").properties().forEach(each -> features.put(each.getKey(), value(each.getValue())));
        return new Row(
                json.get("entity_values").valueStream().map(GoldenCase::value).toList(),
                Instant.EPOCH.plus(json.get("event_timestamp_micros").asLong(), ChronoUnit.MICROS),
                features);
    }

    private static Value value(JsonNode json) {
        Value.Builder value = Value.newBuilder();
        try {
            JsonFormat.parser().merge(json.toString(), value);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
        return value.build();
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static String hex(String text) {
        return hex(text.getBytes(UTF_8));
    }

    @Override
    public String toString() {
        return id;
    }
}
