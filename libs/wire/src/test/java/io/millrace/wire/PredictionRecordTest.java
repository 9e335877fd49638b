package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.wire.PredictionRecord.CandidateList;
import io.millrace.wire.PredictionRecord.Degradation;
import io.millrace.wire.PredictionRecord.FeatureCell;
import io.millrace.wire.PredictionRecord.FeatureCell.Status;
import io.millrace.wire.PredictionRecord.FeatureColumn;
import io.millrace.wire.PredictionRecord.FeatureRead;
import io.millrace.wire.PredictionRecord.ModelUse;
import io.millrace.wire.PredictionRecord.Scored;
import io.millrace.wire.PredictionRecord.Timing;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

class PredictionRecordTest {

    private static final UUID ID = UUID.fromString("01a20be3-4d87-740f-ab49-d6e973c49072");
    private static final Instant TIME = Instant.parse("2026-11-23T10:00:00.000120Z");

    private static final PredictionRecord SMALL = new PredictionRecord(
            ID,
            "shop",
            3,
            TIME,
            null,
            Map.of("customer", "c1"),
            Map.of("page", "Übersicht"),
            2,
            List.of("x"),
            List.of(new Scored("a", 2.55)),
            List.of(new FeatureRead(
                    "customer",
                    "customers",
                    List.of("c1"),
                    List.of(new FeatureColumn("n", List.of(new FeatureCell(6L, Status.PRESENT, TIME)))))),
            List.of(new CandidateList("find", List.of(new Scored("a", 2.55)))),
            List.of(new ModelUse("rank", "ranker", "2")),
            List.of(new Degradation("find", "timeout", "popular")),
            List.of(new Timing("total", 64)));

    @Test
    void isWrittenAsAnAvroSingleObject() {
        String scoredA = "02" + "02" + hex("a") + "6666666666660440" + "00"; // a block of one, and the end of the array
        String golden = "c301" + fingerprint()
                + "48" + hex(ID.toString())
                + "08" + hex("shop")
                + "06" // version 3
                + "f0a1c782d5bbb006" // micros
                + "00" // no request id
                + "02" + "10" + hex("customer") + "04" + hex("c1") + "00"
                + "02" + "08" + hex("page") + "06" + "14" + hex("Übersicht") + "00"
                + "04" // limit 2
                + "02" + "02" + hex("x") + "00"
                + scoredA
                + "02" + "10" + hex("customer") + "12" + hex("customers")
                + "02" + "04" + hex("c1") + "00"
                + "02" + "02" + hex("n")
                + "02" + "04" + "0c" + "00" // branch long, 6
                + "02" + "02" + "00" // PRESENT
                + "02" + "f0a1c782d5bbb006" + "00"
                + "00" // end of the columns
                + "00" // end of the features
                + "02" + "08" + hex("find") + scoredA + "00"
                + "02" + "08" + hex("rank") + "0c" + hex("ranker") + "02" + hex("2") + "00"
                + "02" + "08" + hex("find") + "0e" + hex("timeout") + "02" + "0e" + hex("popular") + "00"
                + "02" + "0a" + hex("total") + "8001" + "00";

        assertThat(HexFormat.of().formatHex(PredictionRecord.CODEC.encode(SMALL)))
                .isEqualTo(golden);
    }

    @Test
    void comesBackAsItWasWithEveryKindOfValue() throws MalformedMessageException {
        PredictionRecord record = new PredictionRecord(
                ID,
                "shop",
                1,
                TIME,
                "order-1",
                Map.of("customer", "Zoë"),
                Map.of("page", "home", "urgent", true, "budget", 12.5),
                20,
                List.of(),
                List.of(),
                List.of(new FeatureRead(
                        "items",
                        "shop_items",
                        List.of("a", "b"),
                        List.of(
                                new FeatureColumn(
                                        "sales",
                                        List.of(
                                                new FeatureCell(1.5, Status.PRESENT, TIME),
                                                new FeatureCell(null, Status.NOT_FOUND, null))),
                                new FeatureColumn(
                                        "tags",
                                        List.of(
                                                new FeatureCell(List.of("ü", ""), Status.OUTSIDE_MAX_AGE, TIME),
                                                new FeatureCell(true, Status.PRESENT, TIME))),
                                new FeatureColumn(
                                        "brand",
                                        List.of(
                                                new FeatureCell("x", Status.PRESENT, TIME),
                                                new FeatureCell(null, Status.NULL_VALUE, TIME)))))),
                List.of(new CandidateList("candidates", List.of(new Scored("a", 1), new Scored("b", -0.5)))),
                List.of(),
                List.of(new Degradation("rank", "dependency", null)),
                List.of(new Timing("customer", 810), new Timing("total", 6200)));

        assertThat(PredictionRecord.CODEC.decode(PredictionRecord.CODEC.encode(record)))
                .isEqualTo(record);
    }

    @Test
    void refusesBytesThatAreNone() {
        byte[] whole = PredictionRecord.CODEC.encode(SMALL);

        assertThatThrownBy(() -> PredictionRecord.CODEC.decode(Arrays.copyOf(whole, whole.length - 3)))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> Event.CODEC.decode(whole)).isInstanceOf(MalformedMessageException.class);
    }

    private static String fingerprint() {
        try {
            return HexFormat.of()
                    .formatHex(SchemaNormalization.parsingFingerprint("CRC-64-AVRO", PredictionRecord.CODEC.schema()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
