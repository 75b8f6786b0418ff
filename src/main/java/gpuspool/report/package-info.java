/** What ran in a stretch of time, added up: read from the record, computed from values alone, written as a page, a table or JSON. */
package gpuspool.report;
