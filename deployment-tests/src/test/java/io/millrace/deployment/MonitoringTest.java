package io.millrace.deployment;

import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Needs;
import io.millrace.testing.Tool;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MonitoringTest {

    private final PrometheusFiles.Rules rules = PrometheusFiles.rules();
    private final Dashboard dashboard = Dashboard.requestPath();
    private final MetricNames names =
            new MetricNames(rules().flatMap(each -> each.record().stream()).collect(toUnmodifiableSet()));

    @Test
    void everyServiceIsAskedOnItsManagementPort() {
        assertThat(PrometheusFiles.configuration().scrapes())
                .containsExactlyElementsOf(ServiceConfiguration.all().stream()
                        .map(each -> new PrometheusFiles.Scrape(
                                each.name(),
                                "/actuator/prometheus",
                                List.of(new PrometheusFiles.Targets(List.of(each.name() + ":" + each.management())))))
                        .toList());
    }

    @Test
    void findsTheNamesInAnExpression() {
        assertThat(MetricNames.in("sum by (le, x) (rate(a_b_seconds_bucket{job=\"c\"}[5m])) / c:d > 0.5"))
                .containsExactly("a_b_seconds_bucket", "c:d");
        assertThat(names.isExported("millrace_app_prediction_seconds_count")).isTrue();
        assertThat(names.isExported("millrace_app_predictions_seconds_count")).isFalse();
        assertThat(names.isExported("millrace_app_step_seconds_bucket"))
                .as("a timer without a histogram")
                .isFalse();
    }

    @Test
    void everyMetricThatIsAskedForIsExported() {
        assertThat(expressions())
                .isNotEmpty()
                .allSatisfy(expression -> assertThat(MetricNames.in(expression))
                        .as(expression)
                        .isNotEmpty()
                        .allMatch(names::isExported));
    }

    @Test
    void rulesSayWhatIsWrongAndHowLongItMayBe() {
        assertThat(rules().filter(each -> each.alert().isPresent())).allSatisfy(rule -> {
            assertThat(rule.lasting()).isPresent();
            assertThat(rule.labels().get("severity")).isIn("page", "ticket");
            assertThat(rule.annotations()).containsOnlyKeys("summary");
        });
        assertThat(rules())
                .allMatch(each -> each.alert().isPresent() != each.record().isPresent());
    }

    @Test
    void panelsAreWholeAndBesideEachOther() {
        var source = StrictFile.yaml("grafana/provisioning/datasources/prometheus.yml", Dashboard.Datasources.class)
                .datasources()
                .getFirst();
        var ids = new HashSet<Integer>();
        assertThat(dashboard.panels()).allSatisfy(panel -> {
            assertThat(ids.add(panel.id())).as("a new id").isTrue();
            assertThat(panel.description()).isNotBlank();
            assertThat(panel.fieldConfig().defaults().unit()).isNotBlank();
            assertThat(panel.datasource()).isEqualTo(new Dashboard.Datasource(source.type(), source.uid()));
            assertThat(panel.targets()).isNotEmpty().allSatisfy(target -> {
                assertThat(target.datasource()).isEqualTo(panel.datasource());
                assertThat(target.legendFormat()).isNotBlank();
            });
            assertThat(panel.gridPos().x() + panel.gridPos().w()).isLessThanOrEqualTo(24);
            assertThat(dashboard.panels().stream()
                            .filter(other ->
                                    other.id() != panel.id() && other.gridPos().overlaps(panel.gridPos())))
                    .as(panel.title())
                    .isEmpty();
        });
    }

    @Test
    @Tag("long")
    @Needs(Tool.PROMTOOL)
    void prometheusTakesTheFiles() throws IOException, InterruptedException {
        String promtool = Tool.PROMTOOL.find().orElseThrow().toString();
        assertThat(run(promtool, "check", "rules", "prometheus/rules.yml")).isZero();
        assertThat(run(promtool, "check", "config", "--syntax-only", "prometheus/prometheus.yml"))
                .isZero();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .directory(StrictFile.repository().toFile())
                .inheritIO()
                .start()
                .waitFor();
    }

    private Stream<PrometheusFiles.Rule> rules() {
        return rules.groups().stream().flatMap(group -> group.rules().stream());
    }

    private Stream<String> expressions() {
        return Stream.concat(
                rules().map(PrometheusFiles.Rule::expr),
                dashboard.panels().stream()
                        .flatMap(panel -> panel.targets().stream())
                        .map(Dashboard.Target::expr));
    }
}
