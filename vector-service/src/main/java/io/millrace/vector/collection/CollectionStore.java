package io.millrace.vector.collection;

import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The collections in Postgres, which are the truth. Every method throws a {@link
 * org.springframework.dao.DataAccessException} while Postgres is away. The schema is migrated before the first
 * statement rather than when the service starts, so that it starts without Postgres.
 */
final class CollectionStore {

    private final JdbcClient jdbc;
    private final Flyway flyway;
    private final JsonMapper json;
    private boolean migrated;

    CollectionStore(JdbcClient jdbc, Flyway flyway, JsonMapper json) {
        this.jdbc = jdbc;
        this.flyway = flyway;
        this.json = json;
    }

    Map<CollectionId, CollectionDefinition> load() {
        migrate();
        Map<CollectionId, CollectionDefinition> collections = new HashMap<>();
        jdbc.sql("select tenant, name, definition from vector.collections").query(row -> {
            CollectionId id = new CollectionId(row.getString("tenant"), row.getString("name"));
            collections.put(
                    id,
                    json.readValue(row.getString("definition"), CollectionDocument.class)
                            .toDefinition(id));
        });
        return collections;
    }

    /** Adds the collection where there is none of this name, or changes how one that is else the same embeds. */
    void put(CollectionDefinition definition) {
        migrate();
        jdbc.sql("""
                        insert into vector.collections (tenant, name, definition)
                        values (:tenant, :name, :definition::jsonb)
                        on conflict (tenant, name) do update set definition = excluded.definition
                        where collections.definition - 'embed' = excluded.definition - 'embed'
                        """)
                .param("tenant", definition.id().tenant())
                .param("name", definition.id().name())
                .param("definition", json.writeValueAsString(CollectionDocument.of(definition)))
                .update();
    }

    private synchronized void migrate() {
        if (!migrated) {
            try {
                flyway.migrate();
            } catch (FlywayException e) {
                throw new DataAccessResourceFailureException("cannot migrate the schema: " + e.getMessage(), e);
            }
            migrated = true;
        }
    }
}
