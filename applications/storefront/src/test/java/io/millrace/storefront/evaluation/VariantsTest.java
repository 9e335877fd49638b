package io.millrace.storefront.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VariantsTest {

    private String definition = "";

    @BeforeEach
    void readTheShippedOne() throws IOException {
        definition = Files.readString(Path.of("application.yaml"));
    }

    @Test
    void retrievalOnlyEndsWithTheCandidates() {
        String variant = Variants.retrieval(definition);

        assertThat(variant)
                .contains("application: storefront-retrieval-only\n", "limit: {default: 200, max: 200}")
                .contains("id: customer", "id: query", "id: candidates", "id: answer", "    post: [{top: $.limit}]\n")
                .doesNotContain("id: items", "id: rank", "sources:", "popular.json", "on_failure", "diversify");
    }

    @Test
    void rankingOnlyKeepsAllStepsAndLeavesOutTheRulesAfterThem() {
        String variant = Variants.ranking(definition);

        assertThat(variant)
                .contains("application: storefront-ranking-only\ndeadline: 5s\n", "id: items", "id: rank")
                .contains("{default: 20, max: 100}")
                .doesNotContain("sources:", "on_failure", "diversify", "timeout:");
    }
}
