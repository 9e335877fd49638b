package io.millrace.feature.online;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.millrace.feature.FeatureException;
import io.millrace.starter.loop.SupervisedLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis that comes and goes. A command without one fails at once instead of waiting, and so does one for
 * which too many others wait for an answer already. Each second a PING is sent: where Redis has stopped answering, be it
 * paused or lost with its network, the connection is given up with all that waits in it, and tried anew until it answers.
 *
 * <p>Lettuce's own way of connecting again is not used: its pauses grow to 30 seconds.
 */
final class RedisLink implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final RedisClient client;
    private final RedisURI uri;
    private final Duration silence;
    private final SupervisedLoop loop;
    private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    /**
     * A link that connects in the background.
     *
     * @param maxInFlight commands that may wait for their answers
     * @param silence after how long without an answer to a PING a connection is given up
     */
    RedisLink(RedisURI uri, String name, int maxInFlight, Duration silence) {
        this.uri =
                RedisURI.builder(uri).withClientName(name).withTimeout(silence).build();
        this.silence = silence;
        this.client = RedisClient.create();
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(maxInFlight)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(silence)
                        .keepAlive(true)
                        .build())
                .build());
        this.loop = new SupervisedLoop(name, this::keepAlive);
        loop.start();
    }

    private void keepAlive() throws Exception {
        StatefulRedisConnection<byte[], byte[]> current = connection;
        if (current == null || !current.isOpen()) {
            current = connect();
            connection = current;
        }
        try {
            current.async().ping().get(silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            connection = null;
            current.closeAsync();
            throw e;
        }
        loop.worked();
        loop.sleep(INTERVAL);
    }

    private StatefulRedisConnection<byte[], byte[]> connect() throws Exception {
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> made =
                client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
        try {
            return made.get(silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException e) {
            made.thenAccept(StatefulRedisConnection::closeAsync); // should it come after all
            throw e;
        }
    }

    /**
     * The commands of the connection.
     *
     * @throws FeatureException.OnlineStoreUnavailable if there is none at the moment
     */
    RedisAsyncCommands<byte[], byte[]> commands() {
        return connected().async();
    }

    private StatefulRedisConnection<byte[], byte[]> connected() {
        StatefulRedisConnection<byte[], byte[]> current = connection;
        if (current == null || !current.isOpen()) {
            throw new FeatureException.OnlineStoreUnavailable("the online store cannot be reached", null);
        }
        return current;
    }

    /** A HMGET: these fields of the hash at this key. */
    record HashRead(byte[] key, byte[][] fields) {}

    /**
     * Sends these reads as one write: each by itself would wake the event loop and flush the socket once more.
     *
     * @return the values of each in the order of its fields, null where there is none
     * @throws FeatureException.OnlineStoreUnavailable if there is no connection at the moment
     */
    List<AsyncCommand<byte[], byte[], List<byte[]>>> read(List<HashRead> reads) {
        List<AsyncCommand<byte[], byte[], List<byte[]>>> sent = new ArrayList<>(reads.size());
        for (HashRead read : reads) {
            CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE)
                    .addKey(read.key())
                    .addKeys(read.fields());
            sent.add(new AsyncCommand<>(
                    new Command<>(CommandType.HMGET, new ValueListOutput<>(ByteArrayCodec.INSTANCE), arguments)));
        }
        if (!sent.isEmpty()) {
            connected().dispatch(sent);
        }
        return sent;
    }

    /**
     * Waits for all of these, whose answers are then there.
     *
     * @throws FeatureException.OnlineStoreUnavailable if one fails or they take longer
     */
    static void await(List<? extends Future<?>> answers, long timeoutNanos) {
        long end = System.nanoTime() + timeoutNanos;
        try {
            for (Future<?> answer : answers) {
                answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            answers.forEach(answer -> answer.cancel(true));
            throw new FeatureException.OnlineStoreUnavailable("the online store did not answer in time", e);
        } catch (ExecutionException e) {
            answers.forEach(answer -> answer.cancel(true));
            throw new FeatureException.OnlineStoreUnavailable("the online store failed", e.getCause());
        } catch (InterruptedException e) {
            answers.forEach(answer -> answer.cancel(true));
            Thread.currentThread().interrupt();
            throw new FeatureException.OnlineStoreUnavailable("interrupted while reading the online store", e);
        }
    }

    @Override
    public void close() {
        loop.stop(INTERVAL);
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
