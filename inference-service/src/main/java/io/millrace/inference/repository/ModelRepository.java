package io.millrace.inference.repository;

import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceException.UnknownModel;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.repository.ModelVersions.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that answer, kept equal to what lies in the repository folder. Callers see an immutable snapshot, which is
 * exchanged as a whole: a new version is loaded, checked and warm before it answers, and the one it replaces is closed after
 * its last user. A version that is served is never read again, so its files may only be exchanged by a new version.
 */
public final class ModelRepository implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ModelRepository.class);

    private final RepositoryFolder folder;
    private final ModelLoader loader;
    private final int keptVersions;

    private volatile Map<String, ModelVersions> models = Map.of();
    private volatile boolean scanned;
    private boolean readable = true; // by the scanning thread alone

    ModelRepository(RepositoryFolder folder, ModelLoader loader, int keptVersions) {
        this.folder = folder;
        this.loader = loader;
        this.keptVersions = keptVersions;
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
        if (versions == null) {
            throw new UnknownModel("there is no model \"%s\"; known are %s".formatted(model, models.keySet()));
        }
        return versions;
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

    /** Takes over what has changed in the folder. For one thread at a time. */
    void scan() {
        SortedMap<String, NavigableMap<Integer, VersionFolder>> found;
        try {
            found = folder.list();
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
        scanned = true;
    }

    /** The newest versions that can answer, at most as many as are kept; what is newer and refused stands beside them. */
    private ModelVersions refresh(ModelVersions known, NavigableMap<Integer, VersionFolder> found) {
        NavigableMap<Integer, ServingVersion> serving = new TreeMap<>();
        SortedMap<Integer, Refusal> refused = new TreeMap<>();
        for (Map.Entry<Integer, VersionFolder> candidate : found.descendingMap().entrySet()) {
            if (serving.size() == keptVersions) {
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
                serving.put(version, loader.load(known.model(), version, candidate.getValue()));
                log.atInfo()
                        .addKeyValue("model", known.model())
                        .addKeyValue("version", version)
                        .log("model ready");
            } catch (RefusedModelException | RuntimeException e) {
                // Also what nobody foresaw: whatever is in a folder, the other models go on.
                String reason = e instanceof RefusedModelException refusal ? refusal.reason() : e.toString();
                refused.put(version, new Refusal(fingerprint, reason));
                log.atWarn()
                        .addKeyValue("model", known.model())
                        .addKeyValue("version", version)
                        .addKeyValue("reason", reason)
                        .log("model refused");
            }
        }
        return new ModelVersions(known.model(), serving, refused);
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
                    closing.add(retired.retire());
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
    }
}
