/** What operator and proxies asked the API for in all suites, and the roles. */
@org.jspecify.annotations.NullUnmarked
package dev.wsroute.e2e.access;
