package io.millrace.wire;

import io.millrace.wire.PredictionRecord.CandidateList;
import io.millrace.wire.PredictionRecord.Degradation;
import io.millrace.wire.PredictionRecord.FeatureCell;
import io.millrace.wire.PredictionRecord.FeatureColumn;
import io.millrace.wire.PredictionRecord.FeatureRead;
import io.millrace.wire.PredictionRecord.ModelUse;
import io.millrace.wire.PredictionRecord.Scored;
import io.millrace.wire.PredictionRecord.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Lays out a {@link PredictionRecord} as its Avro schema has it: features by column. */
final class PredictionRecordAvro {

    private static final Schema SCHEMA = WireCodec.schema("prediction-record.avsc");
    private static final Schema SCORED = element(SCHEMA, "results");
    private static final Schema READ = element(SCHEMA, "features");
    private static final Schema COLUMN = element(READ, "columns");
    private static final Schema STATUS = element(COLUMN, "statuses");
    private static final Schema CANDIDATES = element(SCHEMA, "candidates");
    private static final Schema MODEL = element(SCHEMA, "models");
    private static final Schema DEGRADATION = element(SCHEMA, "degraded");
    private static final Schema TIMING = element(SCHEMA, "timings");

    private PredictionRecordAvro() {}

    private static Schema element(Schema of, String field) {
        return of.getField(field).schema().getElementType();
    }

    static GenericRecord toRecord(PredictionRecord prediction) {
        GenericRecord avro = new GenericData.Record(SCHEMA);
        avro.put("id", prediction.id().toString());
        avro.put("application", prediction.application());
        avro.put("application_version", prediction.applicationVersion());
        avro.put("time", Micros.of(prediction.time()));
        avro.put("request_id", prediction.requestId());
        avro.put("entities", prediction.entities());
        avro.put("context", prediction.context());
        avro.put("limit", prediction.limit());
        avro.put("exclude", prediction.exclude());
        avro.put("results", all(prediction.results(), PredictionRecordAvro::scored));
        avro.put("features", all(prediction.features(), PredictionRecordAvro::read));
        avro.put(
                "candidates",
                all(
                        prediction.candidates(),
                        each -> record(CANDIDATES, each.step(), all(each.items(), PredictionRecordAvro::scored))));
        avro.put("models", all(prediction.models(), each -> record(MODEL, each.step(), each.model(), each.version())));
        avro.put(
                "degraded",
                all(prediction.degraded(), each -> record(DEGRADATION, each.step(), each.cause(), each.used())));
        avro.put("timings", all(prediction.timings(), each -> record(TIMING, each.step(), each.micros())));
        return avro;
    }

    private static GenericRecord scored(Scored item) {
        return record(SCORED, item.id(), item.score());
    }

    private static GenericRecord read(FeatureRead read) {
        return record(READ, read.step(), read.service(), read.ids(), all(read.columns(), PredictionRecordAvro::column));
    }

    private static GenericRecord column(FeatureColumn column) {
        List<@Nullable Object> values = new ArrayList<>(column.cells().size());
        column.cells().forEach(cell -> values.add(cell.value()));
        return record(
                COLUMN,
                column.name(),
                values,
                all(column.cells(), cell -> new GenericData.EnumSymbol(STATUS, cell.status())),
                all(column.cells(), cell -> cell.eventTime() == null ? 0L : Micros.of(cell.eventTime())));
    }

    private static GenericRecord record(Schema schema, @Nullable Object... fields) {
        GenericRecord avro = new GenericData.Record(schema);
        for (int i = 0; i < fields.length; i++) {
            avro.put(i, fields[i]);
        }
        return avro;
    }

    private static <T, R> List<R> all(List<T> list, Function<T, R> one) {
        List<R> all = new ArrayList<>(list.size());
        list.forEach(each -> all.add(one.apply(each)));
        return all;
    }

    static PredictionRecord fromRecord(GenericRecord avro) {
        Map<String, String> entities = new LinkedHashMap<>();
        ((Map<?, ?>) avro.get("entities")).forEach((name, id) -> entities.put(name.toString(), id.toString()));
        return new PredictionRecord(
                UUID.fromString(text(avro, "id")),
                text(avro, "application"),
                (Integer) avro.get("application_version"),
                Micros.toInstant((Long) avro.get("time")),
                textOrNull(avro, "request_id"),
                entities,
                Payload.fromAvro((Map<?, ?>) avro.get("context")),
                (Integer) avro.get("limit"),
                texts(avro, "exclude"),
                records(avro, "results", PredictionRecordAvro::toScored),
                records(avro, "features", PredictionRecordAvro::toRead),
                records(
                        avro,
                        "candidates",
                        each -> new CandidateList(
                                text(each, "step"), records(each, "items", PredictionRecordAvro::toScored))),
                records(
                        avro,
                        "models",
                        each -> new ModelUse(text(each, "step"), text(each, "model"), text(each, "version"))),
                records(
                        avro,
                        "degraded",
                        each -> new Degradation(text(each, "step"), text(each, "cause"), textOrNull(each, "used"))),
                records(avro, "timings", each -> new Timing(text(each, "step"), (Long) each.get("micros"))));
    }

    private static Scored toScored(GenericRecord avro) {
        return new Scored(text(avro, "id"), (Double) avro.get("score"));
    }

    private static FeatureRead toRead(GenericRecord avro) {
        return new FeatureRead(
                text(avro, "step"),
                text(avro, "service"),
                texts(avro, "ids"),
                records(avro, "columns", PredictionRecordAvro::toColumn));
    }

    private static FeatureColumn toColumn(GenericRecord avro) {
        List<?> values = (List<?>) avro.get("values");
        List<?> statuses = (List<?>) avro.get("statuses");
        List<?> times = (List<?>) avro.get("event_times");
        List<FeatureCell> cells = new ArrayList<>(values.size());
        for (int row = 0; row < values.size(); row++) {
            long micros = (Long) times.get(row);
            cells.add(new FeatureCell(
                    value(values.get(row)),
                    FeatureCell.Status.valueOf(statuses.get(row).toString()),
                    micros == 0 ? null : Micros.toInstant(micros)));
        }
        return new FeatureColumn(text(avro, "name"), cells);
    }

    private static @Nullable Object value(@Nullable Object avro) {
        if (avro instanceof CharSequence text) {
            return text.toString();
        }
        return avro instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : avro;
    }

    private static String text(GenericRecord avro, String field) {
        return avro.get(field).toString();
    }

    private static @Nullable String textOrNull(GenericRecord avro, String field) {
        Object value = avro.get(field);
        return value == null ? null : value.toString();
    }

    private static List<String> texts(GenericRecord avro, String field) {
        return ((List<?>) avro.get(field)).stream().map(Object::toString).toList();
    }

    private static <T> List<T> records(GenericRecord avro, String field, Function<GenericRecord, T> one) {
        return ((List<?>) avro.get(field))
                .stream().map(each -> one.apply((GenericRecord) each)).toList();
    }
}
