package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

class EventTest {

    private static final Event PURCHASE = new Event(
            "e-1",
            "purchase",
            Instant.parse("2026-11-23T10:00:00.000120Z"),
            Map.of("customer", "17850"),
            null,
            Map.of("price", 2.55),
            null);

    @Test
    void isWrittenAsAnAvroSingleObject() {
        // C3 01, the fingerprint, then the fields as the Avro specification encodes them: strings and blocks with
        // zigzag lengths, a union's branch before its value
        String golden = "c301" + fingerprint()
                + "06" + hex("e-1")
                + "10" + hex("purchase")
                + "f0a1c782d5bbb006"
                + "02" + "10" + hex("customer") + "0a" + hex("17850") + "00"
                + "00"
                + "02" + "0a" + hex("price") + "04" + "6666666666660440" + "00"
                + "00";

        assertThat(HexFormat.of().formatHex(Event.CODEC.encode(PURCHASE))).isEqualTo(golden);
    }

    @Test
    void comesBackAsItWasWithEveryKindOfValue() throws MalformedMessageException {
        Map<String, String> entities = new LinkedHashMap<>();
        entities.put("customer", "Zoë");
        entities.put("item", "85123A");
        Event event = new Event(
                "e-2",
                "purchase",
                Instant.parse("2026-11-23T10:00:00Z"),
                entities,
                "0199aabb",
                Map.of("quantity", 6L, "price", 2.55, "gift", true, "note", "für dich"),
                Instant.parse("2011-09-30T16:20:00Z"));

        assertThat(Event.CODEC.decode(Event.CODEC.encode(event))).isEqualTo(event);
    }

    @Test
    void refusesBytesThatAreNoEvent() {
        byte[] cut = Event.CODEC.encode(PURCHASE);
        assertThatThrownBy(() -> Event.CODEC.decode(java.util.Arrays.copyOf(cut, cut.length - 4)))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> Event.CODEC.decode("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() ->
                        Event.CODEC.decode(Point.CODEC.encode(new Point("c", "s", "p", 1, new float[] {1}, Map.of()))))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("Event");
    }

    @Test
    void isKeyedByTenantAndFirstEntity() {
        Map<String, String> entities = new LinkedHashMap<>();
        entities.put("item", "85123A");
        entities.put("customer", "17850");

        assertThat(new Event("e", "view", Instant.EPOCH, entities, null, Map.of(), null).key("default"))
                .isEqualTo("default/85123A");
    }

    private static String fingerprint() {
        byte[] bytes;
        try {
            bytes = SchemaNormalization.parsingFingerprint("CRC-64-AVRO", Event.CODEC.schema());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
