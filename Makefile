# One command per task. Needs a JDK (17 or later) and Maven; `make help` lists the tasks.

MVN  ?= mvn -B
JAVA ?= $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)

VERSION   ?= dev
PACKAGE    = $(MVN) -q -DskipTests package
DEV        = $(JAVA) -jar e2e/cluster/target/wsroute-dev.jar
BENCH      = $(JAVA) -jar e2e/bench/target/wsroute-bench.jar
# Further flags of run, demo, bench-control, microbench and e2e: ARGS=--help lists them; for e2e such as ARGS=-DexcludedTestGroups=full
ARGS      ?=
# For fuzz: seconds per target, and the only target to run.
TIME      ?= 3600
TARGET    ?=
# For bench-smoke: the commit whose proxy to compare with.
BEFORE    ?= 1d326e4
BEFORE_JAR = e2e/bench/target/before/$(BEFORE)/wsroute-proxy.jar
# For handovers: number on each transport.
HANDOVERS ?= 20000
# For chaos: how long, with how many clients, and the seed of an earlier run to replay.
CHAOS_SECONDS ?= 600
CLIENTS       ?= 1000
SEED          ?=
# Only from the command line: a KUBECONFIG in the environment is not meant for these tasks.
KUBECONFIG_GIVEN = $(if $(filter command line,$(origin KUBECONFIG)),$(abspath $(KUBECONFIG)))
unexport KUBECONFIG
ON_CLUSTER = $(if $(KUBECONFIG_GIVEN),--kubeconfig $(KUBECONFIG_GIVEN))

.DEFAULT_GOAL := help
.PHONY: help run demo test quick wire handovers soak chaos fuzz bench bench-smoke bench-control microbench e2e images push sbom crds install-yaml fmt clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## start a cluster, the operator and a sample route on this machine; KUBECONFIG=file: use that cluster
	$(PACKAGE) -pl operator,proxy-runtime,e2e/cluster -am
	$(DEV) run $(ON_CLUSTER) $(ARGS)

demo: ## show what scaling, edits, a crash and a roll-out do to 200 connections; ARGS="--svg FILE": draw the roll-out
	$(PACKAGE) -pl operator,proxy-runtime,e2e/cluster -am
	$(DEV) demo $(ON_CLUSTER) $(ARGS)

# Two modules at a time: while the tests of one wait for timers, those of another run.
test: ## run every check and test
	$(MVN) -T 2 verify

quick: ## run the formatter, the compiler and the tests of crds, operator and proxy that take less than two seconds each
	$(MVN) -q -pl operator,proxy-runtime -am test -DexcludedTestGroups=full,slow -DskipChannels

WIRE = $(MVN) -pl proxy-runtime -am test -Dtest='dev/wsroute/proxy/wire/**' -DskipChannels -Dsurefire.failIfNoSpecifiedTests=false -Dwsroute.wire.stride=1

wire: ## run the wire suite alone, with every handshake cut at every byte, without TLS and with TLS on both sides
	$(WIRE)
	$(WIRE) -Dwsroute.test.tls=openssl -Dwsroute.test.tls.backends=true -Dwsroute.test.tls.cut=true

handovers: ## open HANDOVERS tunnels with random early bytes, splits, ends and resets, on epoll and NIO
	$(MVN) -pl proxy-runtime -am test -Dtest=RandomHandoversTest -Dsurefire.failIfNoSpecifiedTests=false -Dwsroute.handovers=$(HANDOVERS)

soak: ## run the long proxy tests: 100,000 connections, stalled readers, unfinished requests, idle connections, 20,000 hand-overs, renewals of TLS
	$(MVN) -pl proxy-runtime -am test -DexcludedTestGroups= -DtestGroups=full -DtestForks=1 -Dsurefire.failIfNoSpecifiedTests=false $(ARGS)

chaos: ## kill, delete, cut off and edit at random for CHAOS_SECONDS under CLIENTS live clients; SEED=n: replay
	$(MVN) verify -Pe2e -pl operator,proxy-runtime,e2e/scenarios -am -Dit.test=ChaosIT -DtestForks=1 \
	  -Dwsroute.chaos.seconds=$(CHAOS_SECONDS) -Dwsroute.chaos.clients=$(CLIENTS) $(if $(SEED),-Dwsroute.chaos.seed=$(SEED)) $(ARGS)

fuzz: ## search for inputs that break an invariant, TIME seconds per target; TARGET=frames|requests|responses|config|slices|api-answers|proxy-headers|client-hellos|pem|forwarded-certificates|tokens|key-sets|origins: only that one
	$(MVN) -pl proxy-runtime -am test -Dtest=FuzzTest -DskipChannels -Dsurefire.failIfNoSpecifiedTests=false -Dwsroute.fuzz.seconds=$(TIME) -Dwsroute.fuzz.target=$(TARGET)

bench: ## measure the proxy beside nginx, HAProxy, Caddy and a bare relay (needs cc, libssl-dev); ARGS=--tls: over TLS; ARGS=--overload: a storm of handshakes; ARGS=--access: with checks of who connects; docs/performance.md
	$(PACKAGE) -pl proxy-runtime,e2e/bench -am
	$(BENCH) proxies $(ARGS)

bench-smoke: ## measure three scenarios briefly; warn if one takes 15 % more CPU than the proxy of commit BEFORE
	$(PACKAGE) -pl proxy-runtime,e2e/bench -am
	MVN='$(MVN)' e2e/build-before $(BEFORE) proxy-runtime $(BEFORE_JAR)
	$(BENCH) proxies --smoke --before $(BEFORE_JAR) $(ARGS)

bench-control: ## measure how quickly, and with how many requests, operator and proxies follow the API; ARGS=--help lists the parts
	$(PACKAGE) -pl operator,proxy-runtime,e2e/bench -am
	$(BENCH) control $(ARGS)

microbench: ## measure time and allocation of frame tracking, TLS, routing, endpoint choice and handshake parsing; ARGS=REGEX or JMH options
	$(MVN) -q -pl proxy-runtime -am -DskipTests -Pmicrobench test -Dmicrobench.java='$(JAVA)' -Dmicrobench.args='$(ARGS)'

e2e: ## run the scenario suite alone; KUBECONFIG=file: on that cluster
	$(MVN) verify -Pe2e -pl operator,proxy-runtime,e2e/scenarios -am -Dit.test='dev/wsroute/e2e/scenario/*IT' $(if $(KUBECONFIG_GIVEN),-Dwsroute.kubeconfig=$(KUBECONFIG_GIVEN) -DtestForks=1) $(ARGS)

images: ## build image tarballs of operator, proxy and echo, without a Docker daemon; VERSION=tag
	deploy/images/build $(VERSION)

push: ## push the tarballs of make images to REGISTRY=host/path, with an index of all architectures; VERSION=tag
	deploy/images/push $(or $(REGISTRY),$(error name the registry: make push REGISTRY=host/path)) $(VERSION)

sbom: ## write a bill of materials (CycloneDX) of the operator and of the proxy, in target/sbom
	$(MVN) -q -DskipTests -pl operator,proxy-runtime -am package org.cyclonedx:cyclonedx-maven-plugin:makeBom

crds: ## regenerate the CRDs and their reference pages in docs from the Java types; BREAK=true: even if that breaks stored objects
	$(MVN) -q -pl crds/api -am -DskipTests -Dcrds.mode=$(if $(BREAK),break,write) process-test-classes

# What the chart has in common with deploy/kustomize; Helm reads no files outside of a chart.
CHART_FILES = $(addprefix deploy/kustomize/base/,namespace.yaml service-account.yaml operator-role.yaml leader-election.yaml user-roles.yaml limits.yaml limits-role.yaml) \
  deploy/kustomize/network-policies/network-policy.yaml deploy/kustomize/monitoring/pod-monitors.yaml deploy/kustomize/monitoring/alerts.yaml \
  deploy/kustomize/limits-policy/policy.yaml deploy/kustomize/operator-policy/operator-policy.yaml deploy/dashboards/wsroute.json

install-yaml: crds ## regenerate deploy/install.yaml, the chart's files and the CRDs (needs kubectl)
	kubectl kustomize deploy/kustomize > deploy/install.yaml
	cp $(CHART_FILES) deploy/helm/wsroute/files/

fmt: ## format the sources
	$(MVN) -q spotless:apply

clean: ## remove build output
	$(MVN) -q clean
