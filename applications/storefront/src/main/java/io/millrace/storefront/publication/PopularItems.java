package io.millrace.storefront.publication;

import io.millrace.storefront.training.ShownItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code popular.json}: what the storefront shows when retrieval is away. Each item has its whole payload, as a search gives
 * it: the pipeline filters by {@code in_stock} and diversifies by {@code category}.
 */
public final class PopularItems {

    private PopularItems() {}

    /** Replaces the file. */
    public static void write(Path file, List<ShownItem> items) throws IOException {
        List<Map<String, Object>> rows = items.stream().map(PopularItems::row).toList();
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(unfinished, new JsonMapper().writeValueAsBytes(rows));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, Object> row(ShownItem item) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", item.id());
        row.put("score", item.score());
        row.put("fields", item.payload());
        return row;
    }
}
