package io.millrace.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files in {@code prometheus/}. */
final class PrometheusFiles {

    private PrometheusFiles() {}

    record Configuration(
            Global global,
            @JsonProperty("rule_files") List<String> ruleFiles,
            @JsonProperty("scrape_configs") List<Scrape> scrapes) {}

    record Global(
            @JsonProperty("scrape_interval") String scrapeInterval,
            @JsonProperty("evaluation_interval") String evaluationInterval) {}

    record Scrape(
            @JsonProperty("job_name") String job,
            @JsonProperty("metrics_path") String path,
            @JsonProperty("static_configs") List<Targets> statics) {}

    record Targets(List<String> targets) {}

    record Rules(List<Group> groups) {}

    record Group(String name, List<Rule> rules) {}

    record Rule(
            Optional<String> record,
            Optional<String> alert,
            String expr,
            @JsonProperty("for") Optional<String> lasting,
            Map<String, String> labels,
            Map<String, String> annotations) {}

    static Configuration configuration() {
        return StrictFile.yaml("prometheus/prometheus.yml", Configuration.class);
    }

    static Rules rules() {
        return StrictFile.yaml("prometheus/rules.yml", Rules.class);
    }
}
