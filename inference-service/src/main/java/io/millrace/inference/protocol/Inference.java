package io.millrace.inference.protocol;

import io.grpc.Context;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.Cancelled;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceException.SignatureMismatch;
import io.millrace.inference.model.InferenceException.UnknownModel;
import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.repository.Lease;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.repository.ServingVersion;
import io.millrace.inference.routing.RoutingFile;
import io.millrace.inference.routing.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request's way, the same over gRPC and HTTP: find the version, queue the rows, await the answer, pick the outputs. */
final class Inference {

    private static final Logger log = LoggerFactory.getLogger(Inference.class);

    /** Most requests are answered before anybody looks; who waits longer costs one system call each time. */
    private static final long LOOK_FOR_CALLER_NANOS = 20_000_000;

    private final ModelRepository repository;
    private final RoutingFile routing;
    private final Shadows shadows;
    private final OpenCalls open;

    Inference(ModelRepository repository, RoutingFile routing, Shadows shadows, OpenCalls open) {
        this.repository = repository;
        this.routing = routing;
        this.shadows = shadows;
        this.open = open;
    }

    /**
     * What a caller asks.
     *
     * @param model a name, which may have a route
     * @param version a number, or empty for what the routes say, or else the latest
     * @param id of the request, or empty; it keeps a repeated request at one version where there is no routing key
     * @param outputs names in the order wanted; empty for all
     * @param timeout what the connection allows, or {@code null} if it says nothing; the parameters may say less
     */
    record Call(
            String model,
            String version,
            String id,
            List<Tensor> inputs,
            List<String> outputs,
            InferParameters parameters,
            @Nullable Duration timeout) {

        @Nullable
        String routingKey() {
            String key = parameters.routingKey();
            return key != null || id.isEmpty() ? key : id;
        }
    }

    record Answer(ServingVersion version, List<Tensor> outputs) {}

    /** Who hears of an answer that nobody waits for. */
    interface Then {

        void answered(Answer answer);

        void failed(InferenceException why);
    }

    /** A request that an instance will answer; the version stays loaded until the lease is closed. */
    private record Asked(
            Call call,
            Lease lease,
            List<String> wanted,
            InferenceRequest request,
            CompletableFuture<List<Tensor>> outputs) {

        long nanosLeft() {
            return request.deadlineNanos() - System.nanoTime();
        }
    }

    /**
     * Waits for the answer.
     *
     * @param left whether the caller has left, asked now and then on the thread that waits
     */
    Answer infer(Call call, BooleanSupplier left) {
        Asked asked = ask(call);
        try (Lease _ = asked.lease()) {
            return answer(asked, get(asked, left));
        } catch (ExecutionException e) {
            throw failure(call, e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            var cancelled = new Cancelled();
            asked.outputs().completeExceptionally(cancelled);
            throw cancelled;
        }
    }

    /**
     * Tells of the answer when it is there, on the thread that has it, which must not be blocked. The request ends with the
     * gRPC context in which it is asked.
     *
     * @throws InferenceException if it was not let in; nobody hears of it again
     */
    void infer(Call call, Then then) {
        Asked asked = ask(call);
        Context caller = Context.current();
        Context.CancellationListener gone = context -> asked.outputs()
                .completeExceptionally(
                        context.cancellationCause() instanceof TimeoutException
                                ? new DeadlineExceeded()
                                : new Cancelled());
        caller.addListener(gone, Runnable::run);
        open.add(asked.outputs(), asked.request().deadlineNanos());
        asked.outputs().thenApply(outputs -> answer(asked, outputs)).whenComplete((answer, error) -> {
            open.remove(asked.outputs());
            caller.removeListener(gone);
            asked.lease().close();
            if (error == null) {
                then.answered(answer);
            } else {
                then.failed(failure(call, error));
            }
        });
    }

    private Asked ask(Call call) {
        long startNanos = System.nanoTime();
        Lease lease = acquire(call);
        try {
            ServingVersion version = lease.version();
            List<String> wanted = wantedOutputs(call, version);
            var request = new InferenceRequest(
                    call.inputs(),
                    call.parameters().signature(),
                    call.parameters().priority(),
                    startNanos + timeout(call, version).toNanos());
            return new Asked(call, lease, wanted, request, version.predictor().submit(request));
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    private Answer answer(Asked asked, List<Tensor> outputs) {
        Call call = asked.call();
        var answered = new Answer(asked.lease().version(), pick(asked.wanted(), outputs));
        if (call.version().isEmpty()) {
            for (Target shadow : routing.table().shadows(call.model(), call.routingKey())) {
                shadows.offer(shadow, asked.request(), answered.outputs());
            }
        }
        return answered;
    }

    /** A version that can answer: the one that the routes say, or another of its route. */
    private Lease acquire(Call call) {
        List<Target> targets = routing.table().targets(call.model(), call.version(), call.routingKey());
        InferenceException first = null;
        for (Target target : targets) {
            try {
                Lease lease = repository.acquire(target.model(), target.version());
                // Inputs that were made for other columns would be refused, while another version may still take them.
                if (targets.size() == 1 || fits(call, lease.version())) {
                    return lease;
                }
                lease.close();
            } catch (UnknownModel | ModelNotReady e) {
                first = first == null ? e : first;
            }
        }
        throw first != null
                ? first
                : new SignatureMismatch(
                        "no version that \"%s\" is routed to has the signature %s; read its metadata again"
                                .formatted(call.model(), call.parameters().signature()));
    }

    private static boolean fits(Call call, ServingVersion version) {
        String signature = call.parameters().signature();
        return signature == null || signature.equals(version.definition().signature());
    }

    private static Duration timeout(Call call, ServingVersion version) {
        Duration most = version.definition().scheduling().timeout();
        Duration asked =
                InferParameters.shorter(call.timeout(), call.parameters().timeout());
        return asked == null || asked.compareTo(most) > 0 ? most : asked;
    }

    private static List<Tensor> get(Asked asked, BooleanSupplier left) throws ExecutionException, InterruptedException {
        while (true) {
            long nanos = asked.nanosLeft();
            try {
                return asked.outputs().get(Math.min(nanos, LOOK_FOR_CALLER_NANOS), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                if (nanos <= LOOK_FOR_CALLER_NANOS) {
                    asked.outputs().completeExceptionally(new DeadlineExceeded());
                } else if (left.getAsBoolean()) {
                    asked.outputs().completeExceptionally(new Cancelled());
                }
            }
        }
    }

    private static InferenceException failure(Call call, @Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
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
