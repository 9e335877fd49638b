package io.millrace.storefront.publication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storefront.training.ShownItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PopularItemsTest {

    @Test
    void anItemHasAllThatThePipelineFiltersAndDiversifiesBy(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("popular.json");
        Map<String, Object> payload =
                Map.of("description", "thé", "price", 2.5, "in_stock", true, "category", "kitchen");

        PopularItems.write(file, List.of(new ShownItem("a", new float[0], 0.5f, payload)));

        JsonNode row = new JsonMapper().readTree(Files.readAllBytes(file)).path(0);
        assertThat(row.path("id").asString()).isEqualTo("a");
        assertThat(row.path("fields").propertyNames())
                .containsExactlyInAnyOrder("description", "price", "in_stock", "category");
    }
}
