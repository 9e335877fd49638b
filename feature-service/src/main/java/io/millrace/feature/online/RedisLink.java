package io.millrace.feature.online;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.millrace.feature.FeatureException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis that comes and goes: it is made in the background, again and again until Redis is there, and a
 * command without one fails at once instead of waiting.
 */
final class RedisLink implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final RedisClient client;
    private final RedisURI uri;
    private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;
    private volatile boolean closed;
    private boolean saidSo;

    RedisLink(RedisURI uri, String name) {
        this.uri = RedisURI.builder(uri).withClientName(name).build();
        this.client = RedisClient.create();
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        connect();
    }

    private void connect() {
        client.connectAsync(ByteArrayCodec.INSTANCE, uri).whenComplete((made, error) -> {
            if (made != null) {
                connection = made;
            } else if (!closed) {
                if (!saidSo) {
                    log.atWarn().addKeyValue("redis", uri).log("Redis cannot be reached; trying again");
                    saidSo = true;
                }
                CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(this::connect);
            }
        });
    }

    /**
     * The commands of the connection.
     *
     * @throws FeatureException.OnlineStoreUnavailable if there is none at the moment
     */
    RedisAsyncCommands<byte[], byte[]> commands() {
        StatefulRedisConnection<byte[], byte[]> current = connection;
        if (current == null || !current.isOpen()) {
            throw new FeatureException.OnlineStoreUnavailable("the online store cannot be reached", null);
        }
        return current.async();
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
        closed = true;
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
