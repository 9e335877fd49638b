package io.millrace.vector.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.vector.collection.CollectionDefinition;
import io.millrace.vector.collection.CollectionId;
import io.millrace.vector.collection.Collections;
import io.millrace.vector.engine.Hits;
import java.util.List;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Queries a collection with JSON. */
@RestController
final class QueryController {

    private final Collections collections;
    private final Searches searches;

    QueryController(Collections collections, Searches searches) {
        this.collections = collections;
        this.searches = searches;
    }

    record Answer(
            List<Hits.Hit> hits,
            @JsonProperty("embedding_space") String embeddingSpace,
            String plan,
            @JsonProperty("took_us") long tookUs) {}

    @PostMapping("/v1/collections/{collection}/points:query")
    Answer query(
            @PathVariable String collection,
            @RequestBody QueryBody body,
            @RequestHeader(name = Tenant.HEADER, defaultValue = CollectionId.DEFAULT_TENANT) String tenant,
            @RequestHeader(name = RequestTimeout.HEADER, defaultValue = RequestTimeout.DEFAULT) String timeout) {
        CollectionDefinition definition = collections.get(Tenant.collection(tenant, collection));
        Searches.Found found = searches.search(
                definition,
                body.embeddingSpace() == null ? "" : body.embeddingSpace(),
                body.toQuery(definition.vector()),
                RequestTimeout.deadline(timeout));
        return new Answer(
                found.hits().hits(), found.embeddingSpace(), found.hits().plan().wireName(), found.micros());
    }
}
