package io.millrace.inference.repository;

import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceException.UnknownModel;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.repository.ModelVersions.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that answer, kept equal to what lies in the repository folder. Callers see an immutable snapshot, which is
 * exchanged as a whole: a new version is loaded, checked and warm before it answers, and the one it replaces is closed after
 * its last user. A version that is served is never read again, so its files may only be exchanged by a new version.
 */
public final class ModelRepository implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ModelRepository.class);

    // However many a policy asks for: each takes memory.
    private static final int MOST_VERSIONS = 64;

    /** The fingerprint of what was refused for a reason that may pass. */
    private static final String AGAIN = "";

    private final RepositoryFolder folder;
    private final ModelLoader loader;
    private final ModelProof proof;
    private final Selection selection;
    private final VersionPolicy defaultPolicy;

    private volatile Map<String, ModelVersions> models = Map.of();
    private volatile SortedSet<String> found = new TreeSet<>(); // replaced, never changed
    private volatile @Nullable Loading loading;
    private final Set<ServingVersion> unloading = ConcurrentHashMap.newKeySet();
    private volatile boolean scanned;
    private boolean readable = true; // by the scanning thread alone

    private record Loading(String model, int version) {}

    ModelRepository(RepositoryFolder folder, ModelLoader loader, int keptVersions) {
        this(folder, loader, ModelProof.NONE, new Selection.Everything(), keptVersions);
    }

    /** @param keptVersions of each model whose description has no version policy */
    ModelRepository(
            RepositoryFolder folder, ModelLoader loader, ModelProof proof, Selection selection, int keptVersions) {
        this.folder = folder;
        this.loader = loader;
        this.proof = proof;
        this.selection = selection;
        this.defaultPolicy = new VersionPolicy.Latest(keptVersions);
    }

    /** Whether every model that was there at the start has been loaded or refused. */
    public boolean isScanned() {
        return scanned;
    }

    /** All models, by name. */
    public Collection<ModelVersions> models() {
        return models.values();
    }

    /**
     * A version to use until the lease is closed.
     *
     * @param version a number, or empty for the latest
     * @throws UnknownModel if there is no such model or version
     * @throws ModelNotReady if it is there and cannot answer
     */
    public Lease acquire(String model, String version) {
        while (true) {
            ServingVersion found = find(model, version);
            // Fails if the version was retired since; then there is a newer snapshot.
            if (found.tryAcquire()) {
                return new Lease(found);
            }
        }
    }

    /** Whether {@link #acquire} would find a version. */
    public boolean isReady(String model, String version) {
        try {
            find(model, version);
            return true;
        } catch (UnknownModel | ModelNotReady _) {
            return false;
        }
    }

    /** The versions of one model. */
    public ModelVersions versions(String model) {
        ModelVersions versions = models.get(model);
        if (versions == null && found.contains(model)) {
            throw new ModelNotReady("the model \"%s\" is not loaded".formatted(model));
        }
        if (versions == null) {
            throw new UnknownModel("there is no model \"%s\"; known are %s".formatted(model, models.keySet()));
        }
        return versions;
    }

    /**
     * The versions that answer.
     *
     * @param model a name, or empty for all models
     * @param version a number, or empty for all versions
     * @throws UnknownModel if there is no such model or version
     * @throws ModelNotReady if the version is there and cannot answer
     */
    public List<ServingVersion> serving(String model, String version) {
        if (model.isEmpty()) {
            return models.values().stream()
                    .flatMap(versions -> versions.serving().values().stream())
                    .toList();
        }
        return version.isEmpty() ? List.copyOf(versions(model).serving().values()) : List.of(find(model, version));
    }

    private ServingVersion find(String model, String version) {
        ModelVersions versions = versions(model);
        if (version.isEmpty()) {
            return versions.latest()
                    .orElseThrow(() -> new ModelNotReady("the model \"%s\" has no version that can answer%s"
                            .formatted(model, reasons(versions.refused()))));
        }
        for (ServingVersion serving : versions.serving().values()) {
            if (Integer.toString(serving.version()).equals(version)) {
                return serving;
            }
        }
        for (Map.Entry<Integer, Refusal> refused : versions.refused().entrySet()) {
            if (refused.getKey().toString().equals(version)) {
                throw new ModelNotReady("version %s of \"%s\" was refused: %s"
                        .formatted(version, model, refused.getValue().reason()));
            }
        }
        throw new UnknownModel("the model \"%s\" has no version %s; loaded are %s"
                .formatted(model, version, versions.serving().keySet()));
    }

    private static String reasons(SortedMap<Integer, Refusal> refused) {
        return refused.entrySet().stream()
                .map(entry -> "; version %d was refused: %s"
                        .formatted(entry.getKey(), entry.getValue().reason()))
                .collect(Collectors.joining());
    }

    /** Whether models are loaded and unloaded on demand, and not as they come and go in the folder. */
    boolean isOnDemand() {
        return selection instanceof Selection.OnDemand;
    }

    /** What the folder has and what became of it, as the model repository extension lists it. */
    public List<IndexEntry> index() {
        List<IndexEntry> index = new ArrayList<>();
        Loading now = loading;
        Set<String> names = new TreeSet<>(found);
        names.addAll(models.keySet());
        for (String name : names) {
            ModelVersions versions = models.getOrDefault(name, ModelVersions.none(name));
            int before = index.size();
            versions.serving().keySet().forEach(version -> index.add(new IndexEntry(name, version, State.READY, "")));
            versions.refused()
                    .forEach((version, refusal) ->
                            index.add(new IndexEntry(name, version, State.UNAVAILABLE, refusal.reason())));
            if (now != null && now.model().equals(name)) {
                index.add(new IndexEntry(name, now.version(), State.LOADING, ""));
            }
            unloading.stream()
                    .filter(version -> version.model().equals(name))
                    .forEach(version -> index.add(new IndexEntry(name, version.version(), State.UNLOADING, "")));
            if (index.size() == before) {
                index.add(
                        new IndexEntry(name, null, State.UNAVAILABLE, isOnDemand() ? "not loaded" : "has no version"));
            }
        }
        return index;
    }

    /**
     * An entry of the index.
     *
     * @param version {@code null} where no version of the model is loaded, refused or on its way
     */
    public record IndexEntry(String model, @Nullable Integer version, State state, String reason) {}

    /** What Triton calls the states of a version. */
    public enum State {
        READY,
        UNAVAILABLE,
        LOADING,
        UNLOADING
    }

    /**
     * Takes a model up that is loaded on demand, or what has changed in its folder. For the scanning thread.
     *
     * @throws UnknownModel if the folder has no such model
     * @throws ModelNotReady if no version can answer, with the reason
     */
    void load(String model) {
        scan();
        if (!found.contains(model)) {
            throw new UnknownModel("there is no model \"%s\" in the repository; it has %s".formatted(model, found));
        }
        selection.add(model);
        scan();
        find(model, "");
    }

    /** Gives a model up that is loaded on demand; its last users are still answered. For the scanning thread. */
    void unload(String model) {
        versions(model);
        selection.remove(model);
        scan();
    }

    /** Takes over what has changed in the folder. For one thread at a time. */
    void scan() {
        SortedMap<String, NavigableMap<Integer, VersionFolder>> found;
        try {
            found = folder.list();
            this.found = new TreeSet<>(found.keySet());
            found.keySet().removeIf(model -> !selection.wants(model));
            readable = true;
        } catch (IOException e) {
            if (readable) {
                log.atWarn().addKeyValue("folder", folder.root()).setCause(e).log("model repository unreadable");
            }
            readable = false;
            return;
        }
        found.forEach(
                (model, versions) -> publish(refresh(models.getOrDefault(model, ModelVersions.none(model)), versions)));
        for (String model : models.keySet()) {
            if (!found.containsKey(model)) {
                publish(ModelVersions.none(model));
                Map<String, ModelVersions> rest = new TreeMap<>(models);
                rest.remove(model);
                models = rest;
            }
        }
        proof.rest();
        scanned = true;
    }

    /** The newest versions that can answer, at most as many as are kept; what is newer and refused stands beside them. */
    private ModelVersions refresh(ModelVersions known, NavigableMap<Integer, VersionFolder> found) {
        NavigableMap<Integer, ServingVersion> serving = new TreeMap<>();
        SortedMap<Integer, Refusal> refused = new TreeMap<>();
        VersionPolicy policy = policy(found);
        for (Map.Entry<Integer, VersionFolder> candidate :
                policy.candidates(found).entrySet()) {
            if (serving.size() == Math.min(policy.most(), MOST_VERSIONS)) {
                break;
            }
            int version = candidate.getKey();
            ServingVersion loaded = known.serving().get(version);
            if (loaded != null) {
                serving.put(version, loaded);
                continue;
            }
            String fingerprint = candidate.getValue().fingerprint();
            Refusal before = known.refused().get(version);
            if (before != null && before.fingerprint().equals(fingerprint)) {
                refused.put(version, before);
                continue;
            }
            try {
                loading = new Loading(known.model(), version);
                proof.prove(candidate.getValue());
                serving.put(version, loader.load(known.model(), version, candidate.getValue()));
                log.atInfo()
                        .addKeyValue("model", known.model())
                        .addKeyValue("version", version)
                        .log("model ready");
            } catch (RefusedModelException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
                // Also what nobody foresaw: whatever is in a folder, the other models go on.
                String reason = e instanceof RefusedModelException refusal ? refusal.reason() : e.toString();
                refused.put(version, new Refusal(e instanceof UncheckedIOException ? AGAIN : fingerprint, reason));
                // What is tried again at each scan is said once.
                if (before == null || !before.reason().equals(reason)) {
                    log.atWarn()
                            .addKeyValue("model", known.model())
                            .addKeyValue("version", version)
                            .addKeyValue("reason", reason)
                            .log("model refused");
                }
            } finally {
                loading = null;
            }
        }
        return new ModelVersions(known.model(), serving, refused);
    }

    /** What the newest readable description says. */
    private VersionPolicy policy(NavigableMap<Integer, VersionFolder> found) {
        for (VersionFolder version : found.descendingMap().values()) {
            try {
                return version.lifecycle(defaultPolicy).versions();
            } catch (RefusedModelException _) {
                // the version will be refused for that; an older one decides
            }
        }
        return defaultPolicy;
    }

    /** Lets these versions answer, then gives up those that no longer do. */
    private List<CompletableFuture<Void>> publish(ModelVersions versions) {
        Map<String, ModelVersions> next = new TreeMap<>(models);
        ModelVersions before = next.put(versions.model(), versions);
        models = next;
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        if (before != null) {
            before.serving().forEach((version, retired) -> {
                if (versions.serving().get(version) != retired) {
                    unloading.add(retired);
                    CompletableFuture<Void> closed = retired.retire();
                    closing.add(closed.thenRun(() -> unloading.remove(retired)));
                    log.atInfo()
                            .addKeyValue("model", versions.model())
                            .addKeyValue("version", version)
                            .log("model retired");
                }
            });
        }
        return closing;
    }

    /** Closes all models after their last users. */
    @Override
    public void close() {
        models.keySet().stream()
                .flatMap(model -> publish(ModelVersions.none(model)).stream())
                .toList()
                .forEach(CompletableFuture::join);
        proof.close();
    }
}
