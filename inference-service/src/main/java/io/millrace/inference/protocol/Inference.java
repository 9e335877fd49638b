package io.millrace.inference.protocol;

import io.grpc.Context;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.Cancelled;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.repository.Lease;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.repository.ServingVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request's way, the same over gRPC and HTTP: find the version, queue the rows, wait, pick the outputs. */
final class Inference {

    private static final Logger log = LoggerFactory.getLogger(Inference.class);

    private final ModelRepository repository;

    Inference(ModelRepository repository) {
        this.repository = repository;
    }

    /**
     * What a caller asks.
     *
     * @param version a number, or empty for the latest
     * @param outputs names in the order wanted; empty for all
     * @param timeout what the connection allows, or {@code null} if it says nothing; the parameters may say less
     */
    record Call(
            String model,
            String version,
            List<Tensor> inputs,
            List<String> outputs,
            InferParameters parameters,
            @Nullable Duration timeout) {}

    record Answer(ServingVersion version, List<Tensor> outputs) {}

    Answer infer(Call call) {
        long startNanos = System.nanoTime();
        try (Lease lease = repository.acquire(call.model(), call.version())) {
            ServingVersion version = lease.version();
            List<String> wanted = wantedOutputs(call, version);
            long deadlineNanos = startNanos + timeout(call, version).toNanos();
            CompletableFuture<List<Tensor>> answer = version.predictor()
                    .submit(new InferenceRequest(
                            call.inputs(),
                            call.parameters().signature(),
                            call.parameters().priority(),
                            deadlineNanos));
            return new Answer(version, pick(wanted, await(call, answer, deadlineNanos)));
        }
    }

    private static Duration timeout(Call call, ServingVersion version) {
        Duration most = version.definition().scheduling().timeout();
        Duration asked =
                InferParameters.shorter(call.timeout(), call.parameters().timeout());
        return asked == null || asked.compareTo(most) > 0 ? most : asked;
    }

    private static List<Tensor> await(Call call, CompletableFuture<List<Tensor>> answer, long deadlineNanos) {
        // Over HTTP this is the root context, which never ends.
        Context caller = Context.current();
        Context.CancellationListener gone = context -> answer.completeExceptionally(
                context.cancellationCause() instanceof TimeoutException ? new DeadlineExceeded() : new Cancelled());
        caller.addListener(gone, Runnable::run);
        try {
            return answer.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(call, e.getCause());
        } catch (TimeoutException _) {
            var late = new DeadlineExceeded();
            answer.completeExceptionally(late);
            throw late;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            var left = new Cancelled();
            answer.completeExceptionally(left);
            throw left;
        } finally {
            caller.removeListener(gone);
        }
    }

    private static InferenceException failure(Call call, @Nullable Throwable cause) {
        if (cause instanceof InferenceException known && !(known instanceof ExecutionFailed)) {
            return known;
        }
        log.atWarn()
                .addKeyValue("model", call.model())
                .addKeyValue("version", call.version())
                .addKeyValue("reason", cause)
                .log("model failed");
        return cause instanceof ExecutionFailed failed
                ? failed
                : new ExecutionFailed("the model failed: " + cause, cause);
    }

    private static List<String> wantedOutputs(Call call, ServingVersion version) {
        List<String> known = version.definition().outputs().stream()
                .map(output -> output.name())
                .toList();
        for (String output : call.outputs()) {
            if (!known.contains(output)) {
                throw new InvalidRequest("the model has no output \"%s\"; it has %s".formatted(output, known));
            }
        }
        return call.outputs().isEmpty() ? known : call.outputs();
    }

    private static List<Tensor> pick(List<String> wanted, List<Tensor> outputs) {
        return wanted.stream()
                .flatMap(name -> outputs.stream().filter(output -> output.name().equals(name)))
                .toList();
    }
}
