package io.millrace.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** A dashboard of Grafana, with those of its fields that Millrace uses. */
record Dashboard(
        String uid,
        String title,
        List<String> tags,
        String timezone,
        int schemaVersion,
        int version,
        String refresh,
        Time time,
        List<Panel> panels) {

    record Time(String from, String to) {}

    record Panel(
            int id,
            String title,
            String description,
            String type,
            Datasource datasource,
            Position gridPos,
            FieldConfig fieldConfig,
            List<Target> targets) {}

    record Datasource(String type, String uid) {}

    /** In units of the grid, 24 of them across. */
    record Position(int x, int y, int w, int h) {

        boolean overlaps(Position other) {
            return x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h;
        }
    }

    record FieldConfig(Defaults defaults, List<Object> overrides) {}

    record Defaults(String unit, int min) {}

    record Target(String refId, Datasource datasource, String expr, String legendFormat) {}

    record Datasources(int apiVersion, List<Source> datasources) {}

    record Source(
            String name,
            String uid,
            String type,
            String access,
            String url,
            @JsonProperty("isDefault") boolean isDefault) {}

    record Providers(int apiVersion, List<Provider> providers) {}

    record Provider(String name, String type, Options options) {}

    record Options(String path) {}

    static Dashboard requestPath() {
        return StrictFile.json("grafana/dashboards/request-path.json", Dashboard.class);
    }
}
