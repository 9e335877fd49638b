package io.millrace.inference.repository;

import io.millrace.inference.model.InferenceException.InvalidRequest;

/** Loads and unloads models on demand, where that is how the repository is run. */
public final class RepositoryControl {

    private final ModelRepository repository;
    private final RepositoryWatcher watcher;

    RepositoryControl(ModelRepository repository, RepositoryWatcher watcher) {
        this.repository = repository;
        this.watcher = watcher;
    }

    /** Returns when the model answers. */
    public void load(String model) {
        requireOnDemand();
        watcher.run(() -> repository.load(model));
    }

    /** Returns when no new request reaches the model; those under way are still answered. */
    public void unload(String model) {
        requireOnDemand();
        watcher.run(() -> repository.unload(model));
    }

    private void requireOnDemand() {
        if (!repository.isOnDemand()) {
            throw new InvalidRequest(
                    "models are loaded as they come into the repository and unloaded as they leave it; set millrace.inference.control to explicit to do it by hand");
        }
    }
}
