package io.millrace.inference.repository;

import io.millrace.inference.model.GraphSignature;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.TensorSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A model version that answers. It is closed when it has been retired and its last user has left. */
public final class ServingVersion {

    private final String model;
    private final int version;
    private final ModelDefinition definition;
    private final GraphSignature graph;
    private final Predictor predictor;
    private final AtomicInteger users = new AtomicInteger(1); // the repository is the first
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    ServingVersion(String model, int version, ModelDefinition definition, GraphSignature graph, Predictor predictor) {
        this.model = model;
        this.version = version;
        this.definition = definition;
        this.graph = graph;
        this.predictor = predictor;
    }

    public String model() {
        return model;
    }

    public int version() {
        return version;
    }

    public ModelDefinition definition() {
        return definition;
    }

    public Predictor predictor() {
        return predictor;
    }

    /** The declared inputs. */
    public List<TensorSpec> inputs() {
        return definition.inputs().stream().map(ModelDefinition.Input::spec).toList();
    }

    /** The declared outputs with the graph's shapes. */
    public List<TensorSpec> outputs() {
        return definition.outputs().stream()
                .flatMap(declared ->
                        graph.outputs().stream().filter(output -> output.name().equals(declared.name())))
                .toList();
    }

    /** Keeps it open until {@link #release()}, unless it is closed or closing. */
    boolean tryAcquire() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            // Closing waits for a batch that still runs, which is not the last user's business.
            Thread.ofPlatform().name("unload-%s-%d".formatted(model, version)).start(() -> {
                predictor.close();
                closed.complete(null);
            });
        }
    }

    /** Gives up the repository's own use. The result completes when the model's memory is free. */
    CompletableFuture<Void> retire() {
        release();
        return closed;
    }
}
