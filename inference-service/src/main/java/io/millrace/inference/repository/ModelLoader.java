package io.millrace.inference.repository;

import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Serving;
import java.lang.foreign.Arena;

/** Turns the files of a version into a version that answers: verified, checked against its description and warm. */
final class ModelLoader {

    private final ModelRuntime runtime;
    private final Serving serving;

    ModelLoader(ModelRuntime runtime, Serving serving) {
        this.runtime = runtime;
        this.serving = serving;
    }

    /** @throws RefusedModelException if it must not answer; then nothing of it stays in memory */
    ServingVersion load(String model, int version, VersionFolder folder) throws RefusedModelException {
        ModelDefinition definition = folder.definition();
        LoadedModel loaded = ready(runtime, folder, definition);
        boolean serves = false;
        try {
            Predictor predictor = serving.serve(model, version, definition, loaded);
            serves = true;
            return new ServingVersion(model, version, definition, loaded.graph(), predictor);
        } finally {
            if (!serves) {
                loaded.close();
            }
        }
    }

    /** Loads the version, checks it against its description and warms it up, but lets nobody ask it. */
    static LoadedModel ready(ModelRuntime runtime, VersionFolder folder, ModelDefinition definition)
            throws RefusedModelException {
        // Which versions are loaded does not matter here: only whether what is written can be read.
        Lifecycle lifecycle = folder.lifecycle(new VersionPolicy.All());
        LoadedModel loaded;
        try (Arena arena = Arena.ofConfined()) {
            loaded = runtime.load(definition, folder.verifiedModel(definition, arena));
        }
        boolean good = false;
        try {
            loaded.graph().requireMatches(definition);
            new WarmUp(definition, lifecycle.batchLimit(), folder.samples(lifecycle)).run(loaded);
            good = true;
            return loaded;
        } finally {
            if (!good) {
                loaded.close();
            }
        }
    }
}
