package io.millrace.vector.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.millrace.vector.collection.CollectionDefinition;
import io.millrace.vector.collection.CollectionDocument;
import io.millrace.vector.collection.CollectionId;
import io.millrace.vector.collection.Collections;
import io.millrace.vector.collection.Generations;
import java.util.Comparator;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Defines collections and tells what is in them. */
@RestController
@RequestMapping("/v1/collections")
final class CollectionController {

    private final Collections collections;
    private final Generations generations;

    CollectionController(Collections collections, Generations generations) {
        this.collections = collections;
        this.generations = generations;
    }

    record Named(String collection, @JsonUnwrapped CollectionDocument definition) {
        static Named of(CollectionDefinition definition) {
            return new Named(definition.id().name(), CollectionDocument.of(definition));
        }
    }

    record All(List<Named> collections) {}

    record Stats(String collection, List<GenerationStats> generations) {}

    record GenerationStats(@JsonProperty("embedding_space") String embeddingSpace, long points) {}

    /** The same definition again changes nothing, another one for the same name is a conflict. */
    @PutMapping("/{collection}")
    Named put(
            @PathVariable String collection,
            @RequestBody CollectionDocument document,
            @RequestHeader(name = Tenant.HEADER, defaultValue = CollectionId.DEFAULT_TENANT) String tenant) {
        CollectionDefinition definition = document.toDefinition(Tenant.collection(tenant, collection));
        collections.put(definition);
        return Named.of(definition);
    }

    @GetMapping("/{collection}")
    Named get(
            @PathVariable String collection,
            @RequestHeader(name = Tenant.HEADER, defaultValue = CollectionId.DEFAULT_TENANT) String tenant) {
        return Named.of(collections.get(Tenant.collection(tenant, collection)));
    }

    @GetMapping
    All all(@RequestHeader(name = Tenant.HEADER, defaultValue = CollectionId.DEFAULT_TENANT) String tenant) {
        String whose = Tenant.checked(tenant);
        return new All(collections.all().values().stream()
                .filter(definition -> definition.id().tenant().equals(whose))
                .map(Named::of)
                .sorted(Comparator.comparing(Named::collection))
                .toList());
    }

    @GetMapping("/{collection}/stats")
    Stats stats(
            @PathVariable String collection,
            @RequestHeader(name = Tenant.HEADER, defaultValue = CollectionId.DEFAULT_TENANT) String tenant) {
        CollectionDefinition definition = collections.get(Tenant.collection(tenant, collection));
        return new Stats(
                collection,
                generations.of(definition).stream()
                        .map(generation -> new GenerationStats(
                                generation.embeddingSpace(), generation.index().points()))
                        .toList());
    }
}
