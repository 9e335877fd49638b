package io.millrace.feature.online;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import feast.proto.serving.FieldStatus;
import feast.proto.types.Value;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.feature.FeatureException;
import io.millrace.feature.FeatureMeter;
import io.millrace.feature.feast.FeatureValues;
import io.millrace.feature.registry.Definitions;
import io.millrace.feature.registry.FeatureRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads feature vectors from Redis: one HMGET per entity for all its views, all of a request's in one write. */
public final class OnlineFeatureReader implements AutoCloseable {

    private static final int MOST_PLANS = 1000; // callers can make up lists without end

    private final FeatureRegistry registry;
    private final RedisLink redis;
    private final long timeoutNanos;
    private final InstantSource clock;
    private final Timer time;
    private final Map<FieldStatus, Counter> lookups = new EnumMap<>(FieldStatus.class);
    private volatile @Nullable Plans plans;

    OnlineFeatureReader(
            FeatureRegistry registry, RedisLink redis, Duration timeout, InstantSource clock, MeterRegistry meters) {
        this.registry = registry;
        this.redis = redis;
        this.timeoutNanos = timeout.toNanos();
        this.clock = clock;
        this.time = Timer.builder(FeatureMeter.LOOKUP_TIME.meterName())
                .description(FeatureMeter.LOOKUP_TIME.description())
                .register(meters);
        for (FieldStatus status : FieldStatus.values()) {
            if (status != FieldStatus.UNRECOGNIZED && status != FieldStatus.INVALID) {
                lookups.put(
                        status,
                        Counter.builder(FeatureMeter.LOOKUP.meterName())
                                .description(FeatureMeter.LOOKUP.description())
                                .tag("status", status.name().toLowerCase(Locale.ROOT))
                                .register(meters));
            }
        }
    }

    private record Plans(Definitions definitions, Map<PlanKey, ReadPlan> byKey) {}

    private record PlanKey(FeatureSelection selection, boolean fullNames) {}

    /**
     * Reads these features of these entities.
     *
     * @param entities ids by join key; each list is as long as the others
     * @param fullNames whether a feature is called {@code view__feature} in the answer
     * @param timeoutNanos how long the caller can wait; the configured command timeout may end it sooner
     * @return a column per feature, in the order of the selection
     * @throws FeatureException.UnknownFeature if a name is not defined
     * @throws FeatureException.InvalidRequest if ids are missing, of the wrong type, or not as many as others
     * @throws FeatureException.OnlineStoreUnavailable if Redis is away or slow
     * @throws FeatureException.DeadlineExceeded if the caller's time ended first
     */
    public List<FeatureColumn> read(
            FeatureSelection selection, Map<String, List<Value>> entities, boolean fullNames, long timeoutNanos) {
        ReadPlan plan = plan(selection, fullNames);
        int rows = rows(plan, entities);
        return time.record(() -> read(plan, entities, rows, timeoutNanos));
    }

    private ReadPlan plan(FeatureSelection selection, boolean fullNames) {
        Definitions definitions = registry.require();
        Plans known = plans;
        if (known == null || known.definitions() != definitions) {
            known = new Plans(definitions, new ConcurrentHashMap<>());
            plans = known;
        }
        PlanKey key = new PlanKey(selection, fullNames);
        ReadPlan plan = known.byKey().get(key);
        if (plan == null) {
            plan = ReadPlan.of(selection.in(definitions), fullNames);
            if (known.byKey().size() < MOST_PLANS) {
                known.byKey().put(key, plan);
            }
        }
        return plan;
    }

    private static int rows(ReadPlan plan, Map<String, List<Value>> entities) {
        int rows = -1;
        for (ReadPlan.Read read : plan.reads()) {
            String joinKey = read.entity().joinKey();
            List<Value> ids = entities.get(joinKey);
            if (ids == null) {
                throw new FeatureException.InvalidRequest("/entities", "add the ids of " + joinKey);
            }
            if (rows >= 0 && ids.size() != rows) {
                throw new FeatureException.InvalidRequest("/entities/" + joinKey, "give as many ids of each entity");
            }
            rows = ids.size();
        }
        return Math.max(rows, 0);
    }

    private List<FeatureColumn> read(
            ReadPlan plan, Map<String, List<Value>> entities, int rows, long callerTimeoutNanos) {
        List<RedisLink.HashRead> reads = new ArrayList<>();
        int[][] answerOf = new int[plan.reads().size()][rows];
        for (int i = 0; i < plan.reads().size(); i++) {
            ReadPlan.Read read = plan.reads().get(i);
            List<Value> ids = entities.getOrDefault(read.entity().joinKey(), List.of());
            Map<Value, Integer> asked = HashMap.newHashMap(rows);
            for (int row = 0; row < rows; row++) {
                Integer known = asked.get(ids.get(row));
                if (known == null) {
                    known = reads.size();
                    asked.put(ids.get(row), known);
                    reads.add(new RedisLink.HashRead(key(read, ids, row), read.fields()));
                }
                answerOf[i][row] = known;
            }
        }
        var sent = redis.read(reads);
        await(sent, callerTimeoutNanos);
        List<Row> answers = sent.stream().map(answer -> new Row(answer.join())).toList();
        return columns(plan, rows, answers, answerOf);
    }

    private static byte[] key(ReadPlan.Read read, List<Value> ids, int row) {
        return read.entity()
                .key(ids.get(row))
                .orElseThrow(() -> new FeatureException.InvalidRequest(
                        "/entities/" + read.entity().joinKey() + "/" + row,
                        "write an id of type " + read.entity().valueType()));
    }

    private void await(List<? extends Future<?>> sent, long callerTimeoutNanos) {
        try {
            RedisLink.await(sent, Math.min(timeoutNanos, callerTimeoutNanos));
        } catch (FeatureException.OnlineStoreUnavailable e) {
            if (e.getCause() instanceof java.util.concurrent.TimeoutException && callerTimeoutNanos < timeoutNanos) {
                throw new FeatureException.DeadlineExceeded();
            }
            throw e;
        }
    }

    private List<FeatureColumn> columns(ReadPlan plan, int rows, List<Row> answers, int[][] answerOf) {
        long nowSeconds = clock.instant().getEpochSecond();
        List<FeatureColumn> columns = new ArrayList<>(plan.slots().size());
        int[] tally = new int[FieldStatus.values().length];
        for (int slot = 0; slot < plan.slots().size(); slot++) {
            ReadPlan.Slot place = plan.slots().get(slot);
            List<Value> values = new ArrayList<>(rows);
            List<FieldStatus> statuses = new ArrayList<>(rows);
            List<Timestamp> times = new ArrayList<>(rows);
            for (int row = 0; row < rows; row++) {
                Row answer = answers.get(answerOf[place.read()][row]);
                // A row that another definition made is none: its values may mean something else.
                Timestamp timestamp =
                        answer.isMadeBy(place.definition(), place.made()) ? answer.timestamp(place.timestamp()) : null;
                Value value = answer.value(place.field());
                FieldStatus status = status(timestamp, value, place.ttl(), nowSeconds);
                values.add(status == FieldStatus.PRESENT ? value : Value.getDefaultInstance());
                statuses.add(status);
                times.add(timestamp == null ? Timestamp.getDefaultInstance() : timestamp);
                tally[status.getNumber()]++;
            }
            columns.add(new FeatureColumn(plan.names().get(slot), values, statuses, times));
        }
        lookups.forEach((status, counter) -> counter.increment(tally[status.getNumber()]));
        return columns;
    }

    /** An age of exactly the TTL is still inside, as in Feast's offline join. */
    private static FieldStatus status(
            @Nullable Timestamp timestamp, Value value, @Nullable Duration ttl, long nowSeconds) {
        if (timestamp == null) {
            return FieldStatus.NOT_FOUND;
        }
        if (ttl != null && nowSeconds - timestamp.getSeconds() > ttl.toSeconds()) {
            return FieldStatus.OUTSIDE_MAX_AGE;
        }
        return FeatureValues.isNull(value) ? FieldStatus.NULL_VALUE : FieldStatus.PRESENT;
    }

    /** The answer for one entity. What cannot be parsed counts as null, so that one field does not cost the others. */
    private static final class Row {

        private final List<byte[]> fields;
        private final @Nullable Timestamp[] timestamps;

        /** @param fields null where Redis has none */
        Row(List<byte[]> fields) {
            this.fields = fields;
            this.timestamps = new @Nullable Timestamp[fields.size()];
        }

        /** Whether this definition made the row, as far as it says. */
        boolean isMadeBy(byte[] definition, int field) {
            return fields.get(field) == null || Arrays.equals(fields.get(field), definition);
        }

        @Nullable
        Timestamp timestamp(int field) {
            if (timestamps[field] == null && fields.get(field) != null) {
                try {
                    timestamps[field] = Timestamp.parseFrom(fields.get(field));
                } catch (InvalidProtocolBufferException e) {
                    return null;
                }
            }
            return timestamps[field];
        }

        Value value(int field) {
            if (fields.get(field) == null) {
                return Value.getDefaultInstance();
            }
            try {
                return Value.parseFrom(fields.get(field));
            } catch (InvalidProtocolBufferException e) {
                return Value.getDefaultInstance();
            }
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
