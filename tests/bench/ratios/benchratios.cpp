// benchratios FIGURES.json GOALS.txt: compares what Google Benchmark wrote with a list of goals.
//
// A line of the list is   NAME FIELD <=|>= GOAL BOUND FLOOR   : the field of NAME (cpu_time or
// real_time in ns, or a counter), divided by the same field of FLOOR unless that is "-". The goal
// is what we promise on a quiet machine and is only printed; beyond the bound the check fails, and
// so it does when a name is missing. Medians count where a run was repeated.

#include <simdjson.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>

namespace {

using Figures = std::map<std::string, std::map<std::string, double>>; // by name, then field

double nanosecondsOf(std::string_view unit) {
    return unit == "us" ? 1e3 : unit == "ms" ? 1e6 : unit == "s" ? 1e9 : 1;
}

/// Throws simdjson_error for what is no output of Google Benchmark.
Figures readFigures(const char* file) {
    Figures figures;
    simdjson::dom::parser parser;
    for (const simdjson::dom::element entry : parser.load(file)["benchmarks"]) {
        std::string_view aggregate;
        const bool aggregated = entry["aggregate_name"].get(aggregate) == simdjson::SUCCESS;
        if (aggregated && aggregate != "median")
            continue;
        const std::string name(entry["run_name"].get_string().value());
        std::string_view unit = "ns";
        if (entry["time_unit"].get(unit) != simdjson::SUCCESS)
            unit = "ns";
        auto& fields = figures[name];
        if (!fields.empty() && !aggregated)
            continue; // the repetitions of something whose median came first
        for (const auto field : entry.get_object()) {
            double value = 0;
            if (field.value.get(value) != simdjson::SUCCESS)
                continue;
            const bool time = field.key == "cpu_time" || field.key == "real_time";
            fields[std::string(field.key)] = time ? value * nanosecondsOf(unit) : value;
        }
    }
    return figures;
}

struct Goal {
    std::string name, field, relation, floor;
    double goal = 0, bound = 0;
};

std::optional<Goal> parse(const std::string& line) {
    std::istringstream words(line);
    Goal goal;
    std::string excess;
    const bool complete = static_cast<bool>(words >> goal.name >> goal.field >> goal.relation >>
                                            goal.goal >> goal.bound >> goal.floor);
    if (!complete || words >> excess || (goal.relation != "<=" && goal.relation != ">="))
        return std::nullopt;
    return goal;
}

std::optional<double> find(const Figures& figures, const std::string& name,
                           const std::string& field) {
    const auto row = figures.find(name);
    if (row == figures.end()) {
        std::printf("%s: no such benchmark in this run\n", name.c_str());
        return std::nullopt;
    }
    const auto value = row->second.find(field);
    if (value == row->second.end()) {
        std::printf("%s: has no field %s\n", name.c_str(), field.c_str());
        return std::nullopt;
    }
    return value->second;
}

bool hold(const Figures& figures, const Goal& goal) {
    const auto value = find(figures, goal.name, goal.field);
    const bool ratio = goal.floor != "-";
    const auto floor = ratio ? find(figures, goal.floor, goal.field) : 1.0;
    if (!value || !floor || *floor <= 0)
        return false;
    const double found = *value / *floor;
    const bool most = goal.relation == "<=";
    const bool kept = most ? found <= goal.bound : found >= goal.bound;
    const bool met = most ? found <= goal.goal : found >= goal.goal;
    const std::string of = ratio ? " x " + goal.floor : " " + goal.field;
    if (kept)
        std::printf("%s: %.2f%s (goal %s %g%s)\n", goal.name.c_str(), found, of.c_str(),
                    goal.relation.c_str(), goal.goal, met ? "" : ", missed");
    else
        std::printf("%s: %.2f%s is %s the bound of %g\n", goal.name.c_str(), found, of.c_str(),
                    most ? "above" : "below", goal.bound);
    return kept;
}

int check(const char* figuresFile, const char* goalsFile) {
    const Figures figures = readFigures(figuresFile);
    std::ifstream goals(goalsFile);
    if (!goals) {
        std::printf("benchratios: cannot read %s\n", goalsFile);
        return 2;
    }
    int number = 0, held = 0, broken = 0;
    for (std::string line; std::getline(goals, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos || line[0] == '#')
            continue;
        const auto goal = parse(line);
        if (!goal) {
            std::printf("%s, line %d: expected NAME FIELD <=|>= GOAL BOUND FLOOR|-, found: %s\n",
                        goalsFile, number, line.c_str());
            return 2;
        }
        ++(hold(figures, *goal) ? held : broken);
    }
    if (broken > 0 || held == 0) {
        std::printf("%d of %d figures are missing or out of bounds\n", broken, held + broken);
        return 1;
    }
    std::printf("all %d within their bounds\n", held);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::printf("usage: benchratios FIGURES.json GOALS.txt\n");
        return 2;
    }
    try {
        return check(argv[1], argv[2]);
    } catch (const simdjson::simdjson_error& error) {
        std::printf("benchratios: %s: %s\n", argv[1], error.what());
        return 2;
    }
}
