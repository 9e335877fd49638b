package io.millrace.feature.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import feast.proto.types.Value;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.feature.registry.Definitions;
import io.millrace.feature.registry.DefinitionsFixture;
import io.millrace.wire.CloudEventHeaders;
import io.millrace.wire.Event;
import io.millrace.wire.FeatureRow;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class FeatureTopologyTest {

    private static final Instant MONDAY = Instant.parse("2026-11-23T12:00:00Z");

    private static final StreamingProperties PROPERTIES = new StreamingProperties(
            1, Duration.ofMillis(100), DataSize.ofMegabytes(1), 100, DataSize.ofKilobytes(4), Duration.ofMinutes(5));

    private static final Definitions DEFINITIONS = DefinitionsFixture.parse("""
            project: shop
            entities:
              - {name: customer, value_type: STRING}
              - {name: item, value_type: INT64}
            feature_views:
              - name: activity
                entity: customer
                features:
                  - {name: purchases_7d, function: count, types: [purchase], time_window: 7d, dtype: Int64}
                  - {name: items, function: last_distinct, column: entities.item, n: 3, dtype: StringList}
              - name: popularity
                entity: item
                features:
                  - {name: purchases, function: count, types: [purchase], dtype: Int64}
                  - {name: note, function: last, column: value.note, dtype: String}
              - name: tags
                entity: item
                features:
                  - {name: all, function: last_distinct, column: value.tag, n: 100, dtype: StringList}
            """);

    @TempDir
    private Path folder;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> events;
    private TestOutputTopic<byte[], byte[]> rows;
    private TestOutputTopic<byte[], byte[]> deadLetters;
    private final List<FeatureRow> last = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> sent = new ArrayList<>();

    /** The events topic, as far as the test has filled it. */
    private final class Sent implements EventLookup {

        @Override
        public Optional<ConsumerRecord<byte[], byte[]>> at(int partition, long offset) {
            return sent.stream()
                    .filter(each -> each.partition() == partition && each.offset() == offset)
                    .findFirst();
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        driver = new TopologyTestDriver(
                FeatureTopology.of(DEFINITIONS, new StreamMetrics(new SimpleMeterRegistry()), PROPERTIES, Sent::new),
                settings,
                MONDAY);
        events = driver.createInputTopic(Topics.EVENTS, new ByteArraySerializer(), new ByteArraySerializer());
        rows = driver.createOutputTopic(Topics.FEATURE_ROWS, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        deadLetters = driver.createOutputTopic(
                Topics.deadLetters(Topics.EVENTS), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void givesEachEntityOfAnEventItsRow() throws Exception {
        send(purchase("e1", MONDAY, "c1", "7"));
        send(purchase("e2", MONDAY.plusSeconds(5), "c1", "8"));

        assertThat(rows()).hasSize(4);
        FeatureRow customer = newest("activity", "c1");
        assertThat(customer.eventTime()).isEqualTo(MONDAY.plusSeconds(5));
        assertThat(value(customer, "purchases_7d").getInt64Val()).isEqualTo(2);
        assertThat(value(customer, "items").getStringListVal().getValList()).containsExactly("8", "7");
        assertThat(value(newest("popularity", "7"), "purchases").getInt64Val()).isEqualTo(1);
    }

    @Test
    void dropsAnEventThatComesAgainWithinSevenDays() throws Exception {
        send(purchase("e1", MONDAY, "c1", "7"));
        send(purchase("e1", MONDAY, "c1", "7"));
        assertThat(rows()).hasSize(2);

        send(purchase("e1", MONDAY, "c1", "7"), MONDAY.plus(Duration.ofDays(8)));
        assertThat(rows()).hasSize(2);
        assertThat(value(newest("popularity", "7"), "purchases").getInt64Val()).isEqualTo(2);
    }

    @Test
    void writesARowAgainWhenStreamTimeHasLeftATileBehind() throws Exception {
        send(purchase("e1", MONDAY, "c1", "7"));
        sendInTime(purchase("e2", MONDAY.plus(Duration.ofDays(5)), "c2", "7"));
        letTimePass();
        rows();

        sendInTime(purchase("e3", Instant.parse("2026-12-01T00:00:00Z"), "c2", "7"));
        letTimePass();
        rows();

        assertThat(value(newest("activity", "c1"), "purchases_7d").getInt64Val())
                .isZero();
        assertThat(newest("activity", "c1").eventTime()).isEqualTo(MONDAY);
        assertThat(value(newest("activity", "c2"), "purchases_7d").getInt64Val())
                .isEqualTo(2);

        driver.advanceWallClockTime(Duration.ofDays(365));
        assertThat(rows()).as("the wall clock alone changes nothing").isEmpty();
    }

    @Test
    void countsALateEventWhereItBelongsAndKeepsTheNewestTime() throws Exception {
        send(purchase("e1", MONDAY, "c1", "7"));
        send(purchase("e2", MONDAY.minus(Duration.ofDays(3)), "c1", "8"));
        rows();

        FeatureRow row = newest("activity", "c1");
        assertThat(row.eventTime()).isEqualTo(MONDAY);
        assertThat(value(row, "purchases_7d").getInt64Val()).isEqualTo(2);
        assertThat(value(row, "items").getStringListVal().getValList()).containsExactly("7", "8");
    }

    @Test
    void keepsWhatItCannotReadWithTheReason() throws Exception {
        events.pipeInput("key".getBytes(UTF_8), "no event".getBytes(UTF_8), MONDAY);
        send(purchase("e1", MONDAY, "c1", "not a number"));

        TestRecord<byte[], byte[]> unreadable = deadLetters.readRecord();
        assertThat(unreadable.key()).asString(UTF_8).isEqualTo("key");
        assertThat(unreadable.value()).asString(UTF_8).isEqualTo("no event");
        assertThat(header(unreadable, "millrace_reason")).startsWith("not a Event");
        assertThat(header(unreadable, "millrace_source")).isEqualTo("millrace.events.v1/0/0");
        assertThat(header(deadLetters.readRecord(), "millrace_reason")).isEqualTo("the item is no INT64");
    }

    @Test
    void leavesOtherTenantsAlone() throws Exception {
        RecordHeaders headers = new RecordHeaders();
        headers.add(CloudEventHeaders.TENANT, "other".getBytes(UTF_8));
        Event event = purchase("e1", MONDAY, "c1", "7");
        events.pipeInput(new TestRecord<>(new byte[0], Event.CODEC.encode(event), headers, MONDAY));

        assertThat(rows()).isEmpty();
    }

    @Test
    void keepsAnEventThatAddsTooMuchWholeAndAppliesNothingOfIt() throws Exception {
        send(event("e1", "7", "note", "n".repeat(3000)));

        TestRecord<byte[], byte[]> refused = deadLetters.readRecord();
        assertThat(Event.CODEC.decode(refused.value()).id()).isEqualTo("e1");
        assertThat(header(refused, "millrace_reason")).startsWith("what it adds to popularity has 30");
        assertThat(rows()).isEmpty();

        send(purchase("e2", MONDAY, "c1", "7"));
        assertThat(rows()).hasSize(2);
    }

    @Test
    void keepsAnEventThatWouldMakeAStateTooLargeAndGoesOnWithTheOthers() throws Exception {
        for (int i = 0; i < 5; i++) {
            send(event("e" + i, "7", "tag", i + "t".repeat(1000)));
        }
        send(event("small", "7", "tag", "small"));

        TestRecord<byte[], byte[]> refused = deadLetters.readRecord();
        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(Event.CODEC.decode(refused.value()).id()).isEqualTo("e4");
        assertThat(refused.key()).asString(UTF_8).isEqualTo("default/7");
        assertThat(header(refused, "millrace_reason")).startsWith("the state of tags would have ");
        assertThat(header(refused, "millrace_source")).isEqualTo("millrace.events.v1/0/4");
        rows();
        assertThat(value(newest("tags", "7"), "all").getStringListVal().getValList())
                .hasSize(5)
                .startsWith("small");
    }

    @Test
    void anEventFromTheFutureMovesNoWindowOfAnyone() throws Exception {
        send(purchase("e1", MONDAY, "c1", "7"));
        send(purchase("e2", MONDAY.plus(Duration.ofDays(400)), "c2", "7"));
        send(purchase("e3", MONDAY.plus(Duration.ofMinutes(5)), "c2", "7"));
        letTimePass();
        rows();

        TestRecord<byte[], byte[]> refused = deadLetters.readRecord();
        assertThat(header(refused, "millrace_reason")).isEqualTo("its time is more than PT5M after its arrival");
        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(value(newest("activity", "c1"), "purchases_7d").getInt64Val())
                .isEqualTo(1);
        assertThat(value(newest("popularity", "7"), "purchases").getInt64Val()).isEqualTo(2);
    }

    private static Event event(String id, String item, String name, String value) {
        return new Event(id, "item", MONDAY, Map.of("item", item), null, Map.of(name, value), null);
    }

    private void letTimePass() {
        driver.advanceWallClockTime(Duration.ofSeconds(1)); // stream time has run; nobody looks
        driver.advanceWallClockTime(Duration.ofSeconds(1));
    }

    private static Event purchase(String id, Instant time, String customer, String item) {
        return new Event(id, "purchase", time, Map.of("customer", customer, "item", item), null, Map.of(), null);
    }

    private void sendInTime(Event event) {
        send(event, event.time());
    }

    private void send(Event event) {
        send(event, MONDAY);
    }

    private void send(Event event, Instant ingested) {
        byte[] key = event.key("default").getBytes(UTF_8);
        sent.add(new ConsumerRecord<>(Topics.EVENTS, 0, sent.size(), key, Event.CODEC.encode(event)));
        events.pipeInput(key, Event.CODEC.encode(event), ingested);
    }

    private List<FeatureRow> rows() throws MalformedMessageException {
        List<FeatureRow> written = new ArrayList<>();
        for (byte[] row : rows.readValuesToList()) {
            written.add(FeatureRow.CODEC.decode(row));
        }
        last.addAll(written);
        return written;
    }

    private FeatureRow newest(String view, String id) {
        byte[] key = DEFINITIONS.view(view).orElseThrow().entity().key(id).orElseThrow();
        return last.stream()
                .filter(row -> row.featureView().equals(view) && java.util.Arrays.equals(row.entityKey(), key))
                .reduce((before, next) -> next)
                .orElseThrow();
    }

    private static Value value(FeatureRow row, String feature) throws Exception {
        return Value.parseFrom(row.values().get(feature));
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
