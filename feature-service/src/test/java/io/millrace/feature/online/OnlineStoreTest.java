package io.millrace.feature.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.millrace.feature.FeatureException;
import io.millrace.feature.feast.FeatureValues;
import io.millrace.feature.feast.GoldenCase;
import io.millrace.feature.feast.RowLayout;
import io.millrace.testing.HostAndPort;
import io.millrace.testing.Infra;
import io.millrace.wire.FeatureRow;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnlineStoreTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static RedisClient client;
    private static RedisCommands<byte[], byte[]> redis;
    private static OnlineStore store;

    @BeforeAll
    static void connect() {
        HostAndPort server = Infra.redis();
        RedisURI uri = RedisURI.create(server.host(), server.port());
        client = RedisClient.create(uri);
        redis = client.connect(ByteArrayCodec.INSTANCE).sync();
        store = new OnlineStore(link(uri), Duration.ofSeconds(5));
        await().ignoreExceptions().until(() -> store.positions() != null);
    }

    private static RedisLink link(RedisURI uri) {
        return new RedisLink(uri, "test", 10_000, Duration.ofSeconds(3));
    }

    @AfterAll
    static void disconnect() {
        store.close();
        client.shutdown();
    }

    @ParameterizedTest
    @MethodSource("io.millrace.feature.feast.GoldenCase#all")
    void leavesTheHashThatFeastLeaves(GoldenCase golden) {
        if (golden.isRefused()) {
            return;
        }
        for (GoldenCase.Row row : golden.rows()) {
            Map<String, byte[]> values = new HashMap<>();
            row.features().forEach((name, value) -> values.put(name, value.toByteArray()));
            store.apply(List.of(new OnlineStore.MadeRow(
                    new FeatureRow(golden.encodeKey(row), golden.view(), row.eventTime(), values), "")));
        }

        Map<String, String> hash = new HashMap<>();
        redis.hgetall(HexFormat.of().parseHex(golden.key()))
                .forEach((field, value) -> hash.put(hex(field), hex(value)));
        assertThat(hash).isEqualTo(golden.hash());
    }

    @Test
    void neverReplacesARowByAnOlderOne() {
        byte[] key = "older".getBytes(UTF_8);

        assertThat(store.apply(List.of(row(key, NOON, 1)))).isEqualTo(1);
        assertThat(store.apply(List.of(row(key, NOON.minusNanos(1000), 2), row(key, NOON.minusSeconds(1), 3))))
                .isZero();
        assertThat(value(key)).isEqualTo(FeatureValues.of(1L).toByteArray());
    }

    @Test
    void takesTheLaterOfTwoRowsWithOneTime() {
        byte[] key = "equal".getBytes(UTF_8);

        assertThat(store.apply(List.of(row(key, NOON, 1), row(key, NOON, 2)))).isEqualTo(2);
        assertThat(value(key)).isEqualTo(FeatureValues.of(2L).toByteArray());
        assertThat(store.apply(List.of(row(key, NOON.plusNanos(1000), 3)))).isEqualTo(1);
        assertThat(value(key)).isEqualTo(FeatureValues.of(3L).toByteArray());
    }

    @Test
    void aRowOf1970OrBeforeGuardsNothing() {
        byte[] key = "epoch".getBytes(UTF_8);
        store.apply(List.of(row(key, Instant.ofEpochSecond(-5), 1)));

        assertThat(store.apply(List.of(row(key, Instant.EPOCH, 2)))).isEqualTo(1);
        assertThat(store.apply(List.of(row(key, NOON, 3)))).isEqualTo(1);
        assertThat(store.apply(List.of(row(key, Instant.ofEpochSecond(-5), 4)))).isZero();
    }

    @Test
    void forgetsItsPositionsTogetherWithItsRows() {
        OnlineStore.Positions none = store.positions();
        assertThat(store.advance(none, Map.of(0, 17L, 2, 4L))).isTrue();
        OnlineStore.Positions before = none.and(Map.of(0, 17L, 2, 4L));
        assertThat(store.positions()).isEqualTo(before);
        assertThat(store.isAt(before)).isTrue();

        redis.flushall();

        assertThat(store.isAt(before)).isFalse();
        assertThat(store.advance(before, Map.of(0, 18L))).isFalse();
        OnlineStore.Positions after = store.positions();
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(after.offsets()).isEmpty();
        assertThat(store.isAt(after)).isTrue();
    }

    @Test
    void noticesThatItCameBackWithOlderData() {
        byte[] positions = "millrace:feature-rows".getBytes(UTF_8);
        OnlineStore.Positions none = store.positions();
        store.advance(none, Map.of(0, 17L));
        Map<byte[], byte[]> saved = redis.hgetall(positions);
        OnlineStore.Positions applied = none.and(Map.of(0, 30L, 1, 2L));
        store.advance(none.and(Map.of(0, 17L)), Map.of(0, 30L, 1, 2L));
        assertThat(store.isAt(applied)).isTrue();

        redis.del(positions);
        redis.hset(positions, saved);

        assertThat(store.isAt(applied)).isFalse();
        assertThat(store.advance(applied, Map.of(0, 31L))).isFalse();
        assertThat(store.positions().offsets()).isEqualTo(Map.of(0, 17L));
    }

    @Test
    void appliesRowsToARedisThatHasForgottenTheScript() {
        redis.scriptFlush();

        assertThat(store.apply(List.of(row("script".getBytes(UTF_8), NOON, 1)))).isEqualTo(1);
    }

    @Test
    void failsAtOnceWhereThereIsNoRedis() {
        try (OnlineStore nowhere = new OnlineStore(link(RedisURI.create("127.0.0.1", 1)), Duration.ofSeconds(5))) {
            assertThatThrownBy(nowhere::positions).isInstanceOf(FeatureException.OnlineStoreUnavailable.class);
        }
    }

    @Test
    void aRowOfAnotherDefinitionReplacesEvenANewerOne() {
        byte[] key = "definition".getBytes(UTF_8);
        assertThat(store.apply(List.of(row(key, NOON, 1, "aaaa")))).isEqualTo(1);
        assertThat(store.apply(List.of(row(key, NOON.minusSeconds(1), 2, "aaaa"))))
                .isZero();

        assertThat(store.apply(List.of(row(key, NOON.minusSeconds(1), 3, "bbbb"))))
                .isEqualTo(1);
        assertThat(value(key)).isEqualTo(FeatureValues.of(3L).toByteArray());
        assertThat(redis.hget(key, RowLayout.definitionField("view")))
                .asString(UTF_8)
                .isEqualTo("bbbb");

        assertThat(store.apply(List.of(row(key, NOON.minusSeconds(2), 4, "")))).isEqualTo(1);
        assertThat(redis.hexists(key, RowLayout.definitionField("view"))).isFalse();
    }

    private static OnlineStore.MadeRow row(byte[] key, Instant time, long value) {
        return row(key, time, value, "");
    }

    private static OnlineStore.MadeRow row(byte[] key, Instant time, long value, String definition) {
        return new OnlineStore.MadeRow(
                new FeatureRow(
                        key, "view", time, Map.of("n", FeatureValues.of(value).toByteArray())),
                definition);
    }

    private static byte[] value(byte[] key) {
        return redis.hget(key, RowLayout.featureField("view", "n"));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
