package io.millrace.feature.online;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.base.Throwables;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.millrace.feature.FeatureException;
import io.millrace.feature.feast.RowLayout;
import io.millrace.wire.FeatureRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Writes rows to Redis in Feast's layout. A row never replaces one of the same definition with a newer event time; of two
 * with the same time, or of two definitions, the one that is applied later stays.
 *
 * <p>How far the rows' topic has been applied stands in Redis itself, beside an epoch: a Redis that lost its data has lost
 * both, and one that came back with older data has older positions, so whoever applies rows sees from where to go on.
 */
public final class OnlineStore implements AutoCloseable {

    /** Rows in flight at once: enough to keep Redis busy, few enough to keep readers from waiting long. */
    static final int PIPELINE = 500;

    private static final byte[] POSITIONS = ascii("millrace:feature-rows");
    private static final byte[] EPOCH = ascii("epoch");

    // Feast's timestamp is a protobuf message of two varints; one of 1970 or before guards nothing, as in Feast.
    private static final byte[] APPLY = ascii("""
            local function time(bytes)
              local seconds, nanos, i = 0, 0, 1
              while i <= #bytes do
                local tag, value, scale = string.byte(bytes, i), 0, 1
                local byte
                repeat
                  i = i + 1
                  byte = string.byte(bytes, i)
                  if not byte then return -1, 0 end
                  value = value + (byte % 128) * scale
                  scale = scale * 128
                until byte < 128
                i = i + 1
                if tag == 8 then seconds = value elseif tag == 16 then nanos = value end
              end
              if seconds >= 2^63 then return -1, 0 end
              return seconds, nanos
            end
            local stored = redis.call('HMGET', KEYS[1], ARGV[1], ARGV[3])
            if stored[1] and (stored[2] or '') == ARGV[4] then
              local seconds, nanos = time(stored[1])
              local newSeconds, newNanos = time(ARGV[2])
              if newSeconds < seconds or (newSeconds == seconds and newNanos < nanos) then return 0 end
            end
            if ARGV[4] == '' then
              redis.call('HDEL', KEYS[1], ARGV[3])
              redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], unpack(ARGV, 5))
            else
              redis.call('HSET', KEYS[1], unpack(ARGV))
            end
            return 1
            """);

    // epoch, then partition, offset before, offset after, and so on
    private static final byte[] ADVANCE = ascii("""
            if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
            for i = 2, #ARGV, 3 do
              if tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or 0) < tonumber(ARGV[i + 1]) then return 0 end
            end
            for i = 2, #ARGV, 3 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2]) end
            return 1
            """);

    private final RedisLink redis;
    private final long timeoutNanos;

    OnlineStore(RedisLink redis, Duration timeout) {
        this.redis = redis;
        this.timeoutNanos = timeout.toNanos();
    }

    /**
     * How far the rows' topic has been applied.
     *
     * @param epoch changes when the store has lost its data
     * @param offsets the next offset by partition; a partition that is not in it starts at its beginning
     */
    public record Positions(String epoch, Map<Integer, Long> offsets) {

        public Positions {
            offsets = Map.copyOf(offsets);
        }

        /** With these partitions further on. */
        public Positions and(Map<Integer, Long> next) {
            Map<Integer, Long> all = new HashMap<>(offsets);
            all.putAll(next);
            return new Positions(epoch, all);
        }
    }

    /** The positions, in a new epoch where the store is empty. */
    public Positions positions() {
        RedisAsyncCommands<byte[], byte[]> commands = redis.commands();
        commands.hsetnx(POSITIONS, EPOCH, ascii(UUID.randomUUID().toString()));
        Map<byte[], byte[]> fields = answer(commands.hgetall(POSITIONS));
        String epoch = "";
        Map<Integer, Long> offsets = new HashMap<>();
        for (Map.Entry<byte[], byte[]> field : fields.entrySet()) {
            String name = new String(field.getKey(), US_ASCII);
            String value = new String(field.getValue(), US_ASCII);
            if (name.equals("epoch")) {
                epoch = value;
            } else {
                offsets.put(Integer.valueOf(name), Long.valueOf(value));
            }
        }
        return new Positions(epoch, offsets);
    }

    /** Whether the store still has all that was applied up to these positions: an older copy of it has not. */
    public boolean isAt(Positions applied) {
        Positions current = positions();
        return current.epoch().equals(applied.epoch())
                && applied.offsets().entrySet().stream()
                        .allMatch(position ->
                                current.offsets().getOrDefault(position.getKey(), 0L) >= position.getValue());
    }

    /**
     * Keeps that the topic has been applied beyond these positions.
     *
     * @param next the next offsets of some partitions
     * @return false if the store is not, or no longer, at these positions; nothing is kept then
     */
    public boolean advance(Positions applied, Map<Integer, Long> next) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(ascii(applied.epoch()));
        next.forEach((partition, offset) -> {
            arguments.add(ascii(partition.toString()));
            arguments.add(ascii(applied.offsets().getOrDefault(partition, 0L).toString()));
            arguments.add(ascii(offset.toString()));
        });
        byte[][] keys = {POSITIONS};
        Long kept = answer(
                redis.commands().<Long>eval(ADVANCE, ScriptOutputType.INTEGER, keys, arguments.toArray(byte[][]::new)));
        return kept == 1;
    }

    /**
     * A row and the definition that made it.
     *
     * @param definition the hash of its view; empty where nobody says
     */
    public record MadeRow(FeatureRow row, String definition) {}

    /**
     * Applies these rows in this order.
     *
     * @return how many were applied; the others were older than what is there
     * @throws FeatureException.OnlineStoreUnavailable if it is not known that all were; applying them again is harmless
     */
    public int apply(List<MadeRow> rows) {
        int applied = 0;
        for (int from = 0; from < rows.size(); from += PIPELINE) {
            applied += applyOnce(rows.subList(from, Math.min(rows.size(), from + PIPELINE)));
        }
        return applied;
    }

    private int applyOnce(List<MadeRow> rows) {
        try {
            return applyWith(rows);
        } catch (FeatureException.OnlineStoreUnavailable e) {
            if (Throwables.getRootCause(e) instanceof RedisNoScriptException) { // a restarted Redis forgets scripts
                answer(redis.commands().scriptLoad(APPLY));
                return applyWith(rows);
            }
            throw e;
        }
    }

    private int applyWith(List<MadeRow> rows) {
        RedisAsyncCommands<byte[], byte[]> commands = redis.commands();
        String script = commands.digest(APPLY);
        Function<MadeRow, RedisFuture<Long>> send = row -> {
            byte[][] keys = {row.row().entityKey()};
            return commands.<Long>evalsha(script, ScriptOutputType.INTEGER, keys, fields(row));
        };
        List<RedisFuture<Long>> answers = rows.stream().map(send).toList();
        RedisLink.await(answers, timeoutNanos);
        return (int) answers.stream()
                .filter(answer -> answer.toCompletableFuture().join() == 1)
                .count();
    }

    private static byte[][] fields(MadeRow made) {
        FeatureRow row = made.row();
        byte[][] fields = new byte[4 + 2 * row.values().size()][];
        fields[0] = RowLayout.timestampField(row.featureView());
        fields[1] = RowLayout.timestamp(row.eventTime());
        fields[2] = RowLayout.definitionField(row.featureView());
        fields[3] = ascii(made.definition());
        int i = 4;
        for (Map.Entry<String, byte[]> value : row.values().entrySet()) {
            fields[i++] = RowLayout.featureField(row.featureView(), value.getKey());
            fields[i++] = value.getValue();
        }
        return fields;
    }

    private <T> T answer(RedisFuture<T> answer) {
        RedisLink.await(List.of(answer), timeoutNanos);
        return answer.toCompletableFuture().join();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    @Override
    public void close() {
        redis.close();
    }
}
