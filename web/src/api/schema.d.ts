// Made by `npm run types` from the server's OpenAPI document. Not edited by hand.

export interface paths {
    "/script": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call functions
         * @description One call, or a batch of up to 1,000, done one after the other, each by itself. `GET /script/functions` lists the functions with what each needs. Results and faults come with status 200; calls without an id alone are answered with 204.
         */
        post: operations["callScript"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/script/functions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the functions that scripts can call */
        get: operations["listScriptFunctions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was pushed out of closed periods
         * @description What became known of a closed period stands on its first open day; here it is listed with the days it comes from, and why.
         */
        get: operations["listAdjustments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/adjustments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one */
        get: operations["getAdjustment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/adjustments/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve one */
        post: operations["approveAdjustment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the audit log, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be promised */
        get: operations["listAvailability"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/available-to-promise": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What can be promised of a product, by date
         * @description From now on, at each time at which something changes: what is booked for later, what waiting entries of Delivery journals bring on their date, and what holds give back when they end. `projected` is what will be free by then; `availableToPromise` is the least that will be free at any time from then on. What should have come already (`overdue`) is not counted on.
         */
        get: operations["readPromise"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/balances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What stands where */
        get: operations["listBalances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List bookings, newest first */
        get: operations["listBookings"];
        put?: never;
        /**
         * Book a journal's entries
         * @description Answers at once; ask for the booking until it is `booked` or `rejected`.
         */
        post: operations["requestBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{booking}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a booking */
        get: operations["getBooking"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List categories */
        get: operations["listCategories"];
        put?: never;
        /** Create one category or several, all or none */
        post: operations["createCategories"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/categories/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one category */
        get: operations["getCategory"];
        put?: never;
        post?: never;
        /** Delete one category that nothing refers to */
        delete: operations["deleteCategory"];
        options?: never;
        head?: never;
        /** Change the fields of one category that are sent */
        patch: operations["changeCategory"];
        trace?: never;
    };
    "/v1/costings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How products were valued, newest word first */
        get: operations["listCostings"];
        put?: never;
        /**
         * Value a product differently from a time on
         * @description Another method, another standard cost, or both. What is dated from then on is valued so, whenever it is learned; under standard cost the stock is worth what the standard makes of it, and what is received at another cost leaves a variance. A changed product record says the same of the present moment.
         */
        post: operations["createCosting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/count-plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is to be counted when
         * @description Products that make 80 % of what was used in the last `days` are of class A, the next 15 % B, the rest C. Each class is counted every so many days; the longest overdue come first, what was never counted before them.
         */
        get: operations["planCounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/count-sheets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List count sheets, newest first */
        get: operations["listCountSheets"];
        put?: never;
        /**
         * Make a count sheet
         * @description A line for each product, variant and lot that stands there; one for all instances of a product at a place.
         */
        post: operations["makeCountSheet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/count-sheets/{sheet}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a count sheet */
        get: operations["getCountSheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/count-sheets/{sheet}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a count sheet up */
        post: operations["cancelCountSheet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/count-sheets/{sheet}/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter what was counted
         * @description By the number of a line, or by product, lot and location; what was not on the sheet is added to it.
         */
        post: operations["enterCounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/count-sheets/{sheet}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the lines of a count sheet
         * @description In the order of the way. Nothing tells what is expected.
         */
        get: operations["listCountLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/count-sheets/{sheet}/post": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post a count sheet
         * @description All that was counted becomes counts of one batch, each at the time when it was counted, or nothing does.
         */
        post: operations["postCountSheet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/count-sheets/{sheet}/recount": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for lines that differ to be counted again
         * @description Those that differ by more than the sheet accepts, unless they were counted twice alike.
         */
        post: operations["askRecount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List counts */
        get: operations["listCounts"];
        put?: never;
        /**
         * State what was counted
         * @description The difference to what the ledger says of that time becomes a movement. The count holds: a movement that is learned later but was effective before it is made up for at the time of the count, in its own batch.
         */
        post: operations["count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many entries wait in each journal */
        get: operations["listDrafts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drafts/{journal}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits in one journal
         * @description `ids` are those of the matching entries, as first and last of each run without gaps: who has them sees what others added or removed without reading the entries again.
         */
        get: operations["getDraft"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List entries that wait */
        get: operations["listEntries"];
        put?: never;
        /**
         * Enter lines of a voucher
         * @description All or none; every fault of every line comes back at once. Where the journal books by itself, `booking` says how that went.
         */
        post: operations["createEntries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/entries/{entry}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an entry */
        get: operations["getEntry"];
        /**
         * Put another entry in the place of one
         * @description It stays in its voucher and gets an id of its own; the old id names nothing any more, so nobody overwrites what another has changed.
         */
        put: operations["replaceEntry"];
        post?: never;
        /** Remove an entry that is not booked */
        delete: operations["removeEntry"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/expressions/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try an expression
         * @description Changes nothing. Values of tags are seen by whoever may list them. One that cannot be read is answered with `fault`: where, and what could have stood there.
         */
        post: operations["evaluateExpression"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every batch once, in order
         * @description Begin with `after=0`, and go on with `after` = the `next` of the last answer. With `Accept: text/event-stream` it is a stream of events named `batch`; each has its position as its id, and a reader that comes back with `Last-Event-ID` misses none and gets none twice. Of a batch, only what the caller may see is told.
         */
        get: operations["readFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gl-postings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read postings for the general ledger, each batch once
         * @description Reading posts what is new first: the batches since the last document, added up by period (the setting `glPeriod`), account (`/v1/gl-rules`) and org unit, a balanced document for each period. Begin with `after=0`, and go on with `after` = the `next` of the last answer; documents never change, so whoever keeps that number misses none and takes none twice. The stock accounts add up to the valuation. What was posted stays as it was posted: a changed rule holds for what is posted from then on, and where a product's stock account became another one, the value that stands in the old one is moved at the next reading by a document of the kind `reclassification`, dated that day.
         */
        get: operations["readGlPostings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gl-postings/{number}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a document of the general ledger added up
         * @description Movements, and value entries (`movement` null), with the accounts that the rules name for them today. A reclassification has none: nothing moved. A page ends with the batch that fills it.
         */
        get: operations["readGlLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gl-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List gl rules */
        get: operations["listGlRules"];
        put?: never;
        /** Create one account rule or several, all or none */
        post: operations["createGlRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/gl-rules/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one account rule */
        get: operations["getGlRule"];
        put?: never;
        post?: never;
        /** Delete one account rule that nothing refers to */
        delete: operations["deleteGlRule"];
        options?: never;
        head?: never;
        /** Change the fields of one account rule that are sent */
        patch: operations["changeGlRule"];
        trace?: never;
    };
    "/v1/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List instances */
        get: operations["listInstances"];
        put?: never;
        /** Create one instance or several, all or none */
        post: operations["createInstances"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one instance */
        get: operations["getInstance"];
        put?: never;
        post?: never;
        /** Delete one instance that nothing refers to */
        delete: operations["deleteInstance"];
        options?: never;
        head?: never;
        /** Change the fields of one instance that are sent */
        patch: operations["changeInstance"];
        trace?: never;
    };
    "/v1/integrity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what verifying beside the work has found
         * @description The server verifies by itself where it was started with `--scrub`; `lotbook verify` does at any time. The last run is known after a restart, too.
         */
        get: operations["getIntegrity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List journals */
        get: operations["listJournals"];
        put?: never;
        /** Create one journal or several, all or none */
        post: operations["createJournals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journals/{journal}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove every entry of a journal
         * @description Vouchers and their numbers stay.
         */
        post: operations["clearJournal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/journals/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one journal */
        get: operations["getJournal"];
        put?: never;
        post?: never;
        /** Delete one journal that nothing refers to */
        delete: operations["deleteJournal"];
        options?: never;
        head?: never;
        /** Change the fields of one journal that are sent */
        patch: operations["changeJournal"];
        trace?: never;
    };
    "/v1/landed-costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List them */
        get: operations["listLandedCosts"];
        put?: never;
        /**
         * Share out a cost over what was received
         * @description Freight, duty, a late bill: each movement gets its share, the last takes the rest. What was issued since is corrected. An amount below 0 makes cheaper, though no movement cheaper than nothing. Undone by `POST /v1/reversals`.
         */
        post: operations["createLandedCost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/landed-costs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one */
        get: operations["getLandedCost"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the ledger ends, and whether its chain holds
         * @description Compares the links between batches. `lotbook verify` computes what stands in each batch anew as well.
         */
        get: operations["ledgerState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/locations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List locations */
        get: operations["listLocations"];
        put?: never;
        /** Create one location or several, all or none */
        post: operations["createLocations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/locations/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one location */
        get: operations["getLocation"];
        put?: never;
        post?: never;
        /** Delete one location that nothing refers to */
        delete: operations["deleteLocation"];
        options?: never;
        head?: never;
        /** Change the fields of one location that are sent */
        patch: operations["changeLocation"];
        trace?: never;
    };
    "/v1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a session */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin the next session with a refresh token */
        post: operations["refreshLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List lots */
        get: operations["listLots"];
        put?: never;
        /** Create one lot or several, all or none */
        post: operations["createLots"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lots/{lot}/recall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where all of a lot went
         * @description Its mass balance, every lot that it went into, where they stand, and who has them. The balance tells sums over the whole house. Customers, vouchers and locations are named for org units where the permission holds; what others delivered and have is in `elsewhere`, as one sum a lot, without names.
         */
        get: operations["recallLot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lots/{lot}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what a lot was made of, or what became of it
         * @description A lot that never stood in an org unit where the permission holds is told without id and name, as `another org unit`, so that a trace has no holes; runs are named where they came from or went to a place of such an org unit.
         */
        get: operations["traceLot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lots/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one lot */
        get: operations["getLot"];
        put?: never;
        post?: never;
        /** Delete one lot that nothing refers to */
        delete: operations["deleteLot"];
        options?: never;
        head?: never;
        /** Change the fields of one lot that are sent */
        patch: operations["changeLot"];
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who calls, and what they may do */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set another password; ends all sessions */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List movements, and counts that moved nothing */
        get: operations["listMovements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movements/{movement}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a movement */
        get: operations["getMovement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mqtt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how it goes with the MQTT broker
         * @description What is taken and published is said by the settings `mqtt.url`, `mqtt.subscriptions` and `mqtt.publishPrefix`. Messages are taken at least once from the broker and exactly once as tags.
         */
        get: operations["getMqtt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operation-states": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List how operations stand
         * @description With the open run, what came together so far, and what is in the way of a start. A constant number of statements.
         */
        get: operations["listOperationStates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List operations */
        get: operations["listOperations"];
        put?: never;
        /** Create one operation or several, all or none */
        post: operations["createOperations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one operation */
        get: operations["getOperation"];
        put?: never;
        post?: never;
        /** Delete one operation that nothing refers to */
        delete: operations["deleteOperation"];
        options?: never;
        head?: never;
        /** Change the fields of one operation that are sent */
        patch: operations["changeOperation"];
        trace?: never;
    };
    "/v1/operations/{reference}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an operation
         * @description Ends the open run; nothing moves.
         */
        post: operations["cancelOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{reference}/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start and stop an operation at once
         * @description Of one that runs, it is a stop.
         */
        post: operations["executeOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{reference}/readiness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What keeps an operation from being started */
        get: operations["operationReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{reference}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an operation
         * @description Finds or makes the lots and opens a run; nothing moves yet.
         */
        post: operations["startOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{reference}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop an operation
         * @description Ends the open run and moves its quantity. Where the stock refuses, 409 `operationFaulted` says why, the run stays open, and a later stop tries again.
         */
        post: operations["stopOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/parties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List parties */
        get: operations["listParties"];
        put?: never;
        /** Create one party or several, all or none */
        post: operations["createParties"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/parties/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one party */
        get: operations["getParty"];
        put?: never;
        post?: never;
        /** Delete one party that nothing refers to */
        delete: operations["deleteParty"];
        options?: never;
        head?: never;
        /** Change the fields of one party that are sent */
        patch: operations["changeParty"];
        trace?: never;
    };
    "/v1/periods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what was closed, oldest first */
        get: operations["listPeriods"];
        put?: never;
        /** Close a period */
        post: operations["closePeriod"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what roles can permit
         * @description What stands before a dot grants all behind it. Below a family, names are free: scripts ask for them.
         */
        get: operations["listPermissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/process-records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what processes did from start to stop */
        get: operations["listProcessRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/processes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List processes */
        get: operations["listProcesses"];
        put?: never;
        /** Create one process or several, all or none */
        post: operations["createProcesses"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/processes/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one process */
        get: operations["getProcess"];
        put?: never;
        post?: never;
        /** Delete one process that nothing refers to */
        delete: operations["deleteProcess"];
        options?: never;
        head?: never;
        /** Change the fields of one process that are sent */
        patch: operations["changeProcess"];
        trace?: never;
    };
    "/v1/processes/{reference}/order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set the production order that a process works on
         * @description An open record is for it from then on; runs that began keep the order they began with.
         */
        post: operations["setProcessOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/processes/{reference}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a process
         * @description Opens a record for the order that is named, that its strategy finds, or that was set. Operations whose trigger is PARENT start with it; one that cannot is FAULTED and says why, and the process goes on.
         */
        post: operations["startProcess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/processes/{reference}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a process
         * @description Ends the open record, and the runs of the operations that started with it.
         */
        post: operations["stopProcess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/production-orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List production orders */
        get: operations["listProductionOrders"];
        put?: never;
        /** Create one production order or several, all or none */
        post: operations["createProductionOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/production-orders/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one production order */
        get: operations["getProductionOrder"];
        put?: never;
        post?: never;
        /** Delete one production order that nothing refers to */
        delete: operations["deleteProductionOrder"];
        options?: never;
        head?: never;
        /** Change the fields of one production order that are sent */
        patch: operations["changeProductionOrder"];
        trace?: never;
    };
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List products */
        get: operations["listProducts"];
        put?: never;
        /** Create one product or several, all or none */
        post: operations["createProducts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one product */
        get: operations["getProduct"];
        put?: never;
        post?: never;
        /** Delete one product that nothing refers to */
        delete: operations["deleteProduct"];
        options?: never;
        head?: never;
        /** Change the fields of one product that are sent */
        patch: operations["changeProduct"];
        trace?: never;
    };
    "/v1/reason-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List reason codes */
        get: operations["listReasonCodes"];
        put?: never;
        /** Create one reason code or several, all or none */
        post: operations["createReasonCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reason-codes/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one reason code */
        get: operations["getReasonCode"];
        put?: never;
        post?: never;
        /** Delete one reason code that nothing refers to */
        delete: operations["deleteReasonCode"];
        options?: never;
        head?: never;
        /** Change the fields of one reason code that are sent */
        patch: operations["changeReasonCode"];
        trace?: never;
    };
    "/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which reports there are, and what each may be asked for */
        get: operations["listReports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a report
         * @description `stock`: what stands where, with its value. `valuation`: cost pools, tied to movements (`booked`) and value entries; `difference` is 0. `ageing`: stock by the time since it came, what came last standing longest. `turnover`: issues against average value. `abc`: products by what their issues cost. `dead-stock`: stock of which nothing has left for long. `expiry`: lots by the day on which they expire. A page ends with the product that fills it.
         */
        get: operations["readReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List reservations */
        get: operations["listReservations"];
        put?: never;
        /**
         * Reserve stock
         * @description At a location or an org unit, what is below it included; anywhere in the house where none is named. All that is asked for is reserved, or nothing: 409 `insufficientStock` names what is free. A hold ends by itself at `holdUntil`.
         */
        post: operations["reserve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{reservation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a reservation */
        get: operations["getReservation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{reservation}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a hold firm
         * @description With all that was shared out together with it. To ask twice changes nothing.
         */
        post: operations["confirmReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{reservation}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give up what is still open of a reservation
         * @description With all that was shared out together with it. To ask twice changes nothing.
         */
        post: operations["releaseReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List them */
        get: operations["listRevaluations"];
        put?: never;
        /**
         * State what stock is worth
         * @description From its time on the stock of the org unit is worth so much, 0 included, whatever is learned later of the time before. Under FIFO it is spread over the layers by what they are worth, by quantity if that is nothing. Undone by `POST /v1/reversals`.
         */
        post: operations["createRevaluation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revaluations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one */
        get: operations["getRevaluation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reversals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo a booking, a movement, a run, one count or a whole batch of them, a landed cost or a revaluation
         * @description One of them, whole or by `lines`; all that was counted together by its `countBatch`, which a count and a posted sheet tell as `batch`. A count of instances is undone with the set that it is of. By linked counter-movements at the original's own times; a landed cost or a revaluation is as if it had never been said. What had been issued of a reservation is reserved again, unless that was released since or its hold is over. Refused, with the first date that would break, where a later balance may not be negative.
         */
        post: operations["reverse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List roles */
        get: operations["listRoles"];
        put?: never;
        /** Create roles, all or none */
        post: operations["createRoles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one of the roles */
        get: operations["getRole"];
        put?: never;
        post?: never;
        /** Delete a role that nobody holds */
        delete: operations["deleteRole"];
        options?: never;
        head?: never;
        /** Change one of the roles */
        patch: operations["changeRole"];
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List runs */
        get: operations["listRuns"];
        put?: never;
        /**
         * Do what happens to lots, all of a list or nothing
         * @description Without a lot, what is used up is taken in the order of its place (FIFO, LIFO, FEFO), and what comes to be gets a lot of its own. With a secondary lot, what goes in is the cost of what comes out. Up to 1,000 actions.
         */
        post: operations["execute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a run */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List series */
        get: operations["listSeries"];
        put?: never;
        /** Create one series or several, all or none */
        post: operations["createSeries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/series/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one series */
        get: operations["getSeries"];
        put?: never;
        post?: never;
        /** Delete one series that nothing refers to */
        delete: operations["deleteSeries"];
        options?: never;
        head?: never;
        /** Change the fields of one series that are sent */
        patch: operations["changeSeries"];
        trace?: never;
    };
    "/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all settings */
        get: operations["listSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one setting */
        get: operations["getSetting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Decide about a setting */
        patch: operations["changeSetting"];
        trace?: never;
    };
    "/v1/stock-card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that moved a product, with running figures
         * @description In the order of effective time, position and line. Lines without an id are value entries: what became known later about what a cost pool is worth. `runningValue` is what the valuation says then; stock of some places of a pool is worth its share of it. `amount` is what a movement was first booked with, `currentAmount` what it cost or brought by all that is known today. All pages tell of the position that the first one was read at.
         */
        get: operations["readStockCard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tags by path
         * @description Tags belong to no org unit: the permission has to hold in the whole tenant.
         */
        get: operations["listTags"];
        /**
         * Tell what tags say
         * @description In the order of their times; what is older than a tag's last value is ignored. Edges start and stop operations.
         */
        put: operations["setTags"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API keys */
        get: operations["listTokens"];
        put?: never;
        /** Make an API key */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/unit-conversions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List unit conversions */
        get: operations["listUnitConversions"];
        put?: never;
        /** Create one unit conversion or several, all or none */
        post: operations["createUnitConversions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/unit-conversions/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one unit conversion */
        get: operations["getUnitConversion"];
        put?: never;
        post?: never;
        /** Delete one unit conversion that nothing refers to */
        delete: operations["deleteUnitConversion"];
        options?: never;
        head?: never;
        /** Change the fields of one unit conversion that are sent */
        patch: operations["changeUnitConversion"];
        trace?: never;
    };
    "/v1/units": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List units */
        get: operations["listUnits"];
        put?: never;
        /** Create one unit or several, all or none */
        post: operations["createUnits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/units/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one unit */
        get: operations["getUnit"];
        put?: never;
        post?: never;
        /** Delete one unit that nothing refers to */
        delete: operations["deleteUnit"];
        options?: never;
        head?: never;
        /** Change the fields of one unit that are sent */
        patch: operations["changeUnit"];
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List users */
        get: operations["listUsers"];
        put?: never;
        /** Create users, all or none */
        post: operations["createUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one of the users */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change one of the users */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/v1/valuation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What stock is worth, by cost pool
         * @description `settledTo` is the position up to which values are settled. With `asKnownAt` that, and the `method`, are as known then.
         */
        get: operations["listValues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/variants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List variants */
        get: operations["listVariants"];
        put?: never;
        /** Create one variant or several, all or none */
        post: operations["createVariants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/variants/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one variant */
        get: operations["getVariant"];
        put?: never;
        post?: never;
        /** Delete one variant that nothing refers to */
        delete: operations["deleteVariant"];
        options?: never;
        head?: never;
        /** Change the fields of one variant that are sent */
        patch: operations["changeVariant"];
        trace?: never;
    };
    "/v1/vouchers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List vouchers */
        get: operations["listVouchers"];
        put?: never;
        /**
         * Make a voucher, or a list of them
         * @description Without a number it gets the next of the journal's series; a chosen one lies outside of every series. Of a list, all are made or none; what is wrong with any of them is said at once.
         */
        post: operations["createVoucher"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vouchers/{voucher}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a voucher */
        get: operations["getVoucher"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List webhooks */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Make a webhook
         * @description Each batch is posted once or more, in the order of positions, as `{"type": kind, "timestamp": …, "data": the batch as in the feed}` (`WebhookMessage`), with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. What is not answered with 2xx in time is tried again after growing pauses, and given up after the last attempt; 410 ends the webhook. It sees what the person may see who last changed it.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** Delete a webhook */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description From then on it sees what you may see. What waits is tried at once.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what became of deliveries, newest first
         * @description Those that went well are kept for a week, the others until they go well.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries/{position}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deliver one batch again */
        post: operations["redeliverOne"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver again
         * @description Everything that was given up, or the batches between two positions. They come beside the others, not in their order.
         */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new secret
         * @description For a day messages carry two signatures, the new secret's and the old one's.
         */
        post: operations["renewWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a message of the type `test` now */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Adjustment: {
            amount?: number;
            approved?: boolean;
            approvedAt?: string | null;
            approvedBy?: number | null;
            /** @description Where it stands: the first open day. */
            at?: string;
            bookedAt?: string;
            /** @description The newest batches before it that moved or valued the same stock on those days or before. */
            causes?: {
                /** Format: int64 */
                batch?: number;
                kind?: string;
                /** Format: int64 */
                position?: number;
                reason?: string | null;
            }[];
            counterpart?: {
                /** Format: int64 */
                id?: number;
                path?: string;
            };
            days?: {
                amount?: number;
                day?: string;
            }[];
            from?: string | null;
            /** Format: int64 */
            id?: number;
            /** @enum {string} */
            kind?: "settlement" | "revaluation" | "landedCost" | "variance";
            note?: string | null;
            orgUnit?: {
                /** Format: int64 */
                id?: number;
                path?: string;
            };
            /** Format: int64 */
            position?: number;
            product?: {
                /** Format: int64 */
                id?: number;
                identifier?: string;
            };
            until?: string | null;
            variant?: number | null;
        };
        ApiKey: {
            expiresAt?: string | null;
            readonly id?: number;
            name?: string;
            readonly token?: string | null;
            user?: components["schemas"]["Reference"];
        };
        AuditEntry: {
            action: string;
            at: string;
            detail?: string | null;
            id: number;
            origin?: string;
            subject: string;
            user?: Record<string, never>;
        };
        Availability: {
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            available: number | string;
            location: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            /** @description What waiting deliveries would bring, as of now; left out with an asOf in the past and with asKnownAt. */
            ordered?: number | string;
            orgUnit?: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            product: {
                /** Format: int64 */
                id: number;
                identifier: string;
                name?: string;
            };
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            reserved?: number | string;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            stock: number | string;
            unit?: string;
            variant?: {
                /** Format: int64 */
                id: number;
                identifier?: string;
            } | null;
        };
        Balance: {
            location: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            lot?: {
                /** Format: int64 */
                id: number;
                name?: string;
                uid?: string;
            } | null;
            product: {
                /** Format: int64 */
                id: number;
                identifier: string;
                name?: string;
            };
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            quantity: number | string;
            unit?: string;
            variant?: {
                /** Format: int64 */
                id: number;
                identifier?: string;
            } | null;
        };
        /** @description What became true together. Lists that say nothing are empty. */
        Batch: {
            /** Format: date-time */
            at: string;
            batch: string;
            /** Format: int64 */
            bookedBy?: number;
            /** @description Counts that hold no longer. */
            countsUndone: components["schemas"]["CountUndone"][];
            /** @enum {string} */
            kind: "booking" | "reversal" | "count" | "settlement" | "operation" | "value";
            /** @description What moved, and counts that moved nothing. One that undoes another names it in `reverses`. */
            movements: components["schemas"]["Movement"][];
            /** Format: int64 */
            position: number;
            reason?: string | null;
            /** @description What was said of value alone. What follows from it comes with a settlement. */
            valueFacts: components["schemas"]["ValueFact"][];
            /** @description What was said of value and holds no longer. */
            valueFactsUndone: components["schemas"]["ValueFact"][];
            /** @description What a settlement corrects. */
            values: components["schemas"]["ValueEntry"][];
        };
        Booking: {
            batch?: number | null;
            /** Format: int64 */
            entries?: number;
            /** Format: int64 */
            faultedNumber?: number;
            faults?: {
                code: string;
                /** Format: int64 */
                entry: number;
                message: string;
                /** Format: int64 */
                voucherNumber: number;
            }[];
            finishedAt?: string | null;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            journal?: number;
            progress?: {
                /** Format: int64 */
                done: number;
                /** Format: int64 */
                total: number;
            };
            /** Format: date-time */
            requestedAt?: string;
            /** Format: int64 */
            requestedBy?: number;
            /** Format: int64 */
            resultCode?: number;
            /** @enum {string} */
            state: "waiting" | "booked" | "rejected";
            uid?: string;
        };
        BookingOutcome: {
            /** Format: int64 */
            faultedNumber: number;
            faults: {
                code: string;
                /** Format: int64 */
                entry: number;
                message: string;
                /** Format: int64 */
                voucherNumber: number;
            }[];
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            resultCode: number;
            /** @enum {string} */
            state: "waiting" | "booked" | "rejected";
        };
        /** @description A node of the tree of product categories. */
        Category: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is about. */
            description: string | null;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its name, unique below its parent; without `/`. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description The category above it. */
            parent: {
                id: number;
                path?: string;
            } | null;
            /** @description Names from the top down, joined by `/`. */
            path: string;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        CategoryToChange: {
            /** @description What it is about. */
            description?: string | null;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Its name, unique below its parent; without `/`. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description The category above it. */
            parent?: components["schemas"]["Reference"] | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
        } & {
            [key: string]: unknown;
        };
        CategoryToCreate: {
            /** @description What it is about. */
            description?: string | null;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Its name, unique below its parent; without `/`. */
            name: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description The category above it. */
            parent?: components["schemas"]["Reference"] | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
        } & {
            [key: string]: unknown;
        };
        Costing: {
            /**
             * Format: date-time
             * @description From when on; where it is asked for without, now. An answer says null for what held from the beginning.
             */
            at?: string | null;
            costing?: ("average" | "fifo" | "standard" | "specific") | null;
            readonly createdAt?: string;
            readonly createdBy?: number;
            readonly id?: number;
            /** @description The product, as people name it. */
            readonly identifier?: string;
            product: components["schemas"]["Reference"];
            reason: string | null;
            /** @description The position of the ledger at which it was said. */
            readonly since?: number;
            standardCost?: components["schemas"]["DecimalToSend"] | null;
            variant?: components["schemas"]["Reference"] | null;
        };
        Count: {
            /**
             * Format: date-time
             * @description Now when left out.
             */
            at?: string;
            readonly batch?: number;
            description?: string | null;
            readonly difference?: number;
            /** @description What the ledger said before. */
            readonly expected?: number;
            /** @description Whether it was not undone. */
            readonly holds?: boolean;
            readonly id?: number;
            /** @description Of a serial-tracked product: every instance found there. The others were not there. Answers show them with the count of the set, which those of each instance follow; these have a lot instead. */
            instances?: components["schemas"]["Reference"][] | null;
            location: components["schemas"]["Reference"];
            lot?: components["schemas"]["Reference"] | null;
            /** @description What made up the difference. */
            readonly movement?: number | null;
            orgUnit?: components["schemas"]["Reference"] | null;
            readonly position?: number;
            product: components["schemas"]["Reference"];
            quantity: components["schemas"]["DecimalToSend"];
            unit?: components["schemas"]["Reference"] | null;
            unitCost?: components["schemas"]["DecimalToSend"] | null;
            variant?: components["schemas"]["Reference"] | null;
        };
        CountLine: {
            counted?: components["schemas"]["Decimal"] | null;
            countedAt?: string | null;
            countedBy?: number | null;
            instances?: number[] | null;
            /** @description Found there and not expected. */
            isExtra?: boolean;
            line?: number;
            location?: components["schemas"]["Reference"];
            lot?: components["schemas"]["Reference"] | null;
            name?: string;
            product?: components["schemas"]["Reference"];
            rounds?: number;
            /** @enum {string} */
            state?: "toCount" | "counted" | "toRecount";
            /** @enum {string} */
            tracking?: "none" | "lot" | "serial";
            unit?: string | null;
            variant?: number | null;
            variantName?: string | null;
        };
        CountPlanned: {
            /** @enum {string} */
            class?: "A" | "B" | "C";
            countedAt?: string | null;
            dueAt?: string;
            isDue?: boolean;
            location?: components["schemas"]["Reference"];
            product?: components["schemas"]["Reference"];
        };
        CountSheet: {
            batch?: number | null;
            category?: components["schemas"]["Reference"] | null;
            readonly counted?: number;
            readonly createdAt?: string;
            readonly createdBy?: number;
            /** @description Only what is due by the plan: days from one count to the next by class, and days of use that decide the class. */
            due?: boolean | {
                a?: number;
                b?: number;
                c?: number;
                days?: number;
            };
            readonly id?: number;
            readonly lines?: number;
            location?: components["schemas"]["Reference"] | null;
            readonly modifiedAt?: string;
            readonly modifiedBy?: number;
            name?: string;
            product?: components["schemas"]["Reference"] | null;
            /** @enum {string} */
            readonly state?: "open" | "posted" | "cancelled";
            readonly toCount?: number;
            readonly toRecount?: number;
            /**
             * @description A difference up to so much is accepted …
             * @default 0
             */
            tolerance: number;
            /**
             * @description … or up to so many percent of what is expected.
             * @default 0
             */
            tolerancePercent: number;
            readonly uid?: string;
            readonly version?: number;
        };
        CountUndone: {
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description As in `/v1/counts`.
             */
            id: number;
            location: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            lot?: {
                /** Format: int64 */
                id: number;
                name?: string;
                uid?: string;
            } | null;
            /** @description What had made up the difference. */
            movement?: number | null;
            product: {
                /** Format: int64 */
                id: number;
                identifier: string;
            };
            /** @description What was counted. */
            quantity: number | string;
            variant?: number | null;
        };
        /** @description Exact, with up to 12 digits before and 6 after the point. */
        Decimal: number;
        /**
         * @description Exact, with up to 12 digits before and 6 after the point; more is a fault, never rounded.
         * @example 3.3
         * @example 0.000001
         */
        DecimalToSend: number | string;
        Draft: {
            booking: {
                /** Format: int64 */
                done: number;
                /** Format: int64 */
                id: number;
                /** Format: date-time */
                requestedAt: string;
                /** Format: int64 */
                requestedBy: number;
                /** Format: int64 */
                total: number;
            } | null;
            /** Format: int64 */
            entries: number;
            /** Format: int64 */
            journal: number;
        };
        DraftFigures: {
            booking: {
                /** Format: int64 */
                done: number;
                /** Format: int64 */
                id: number;
                /** Format: date-time */
                requestedAt: string;
                /** Format: int64 */
                requestedBy: number;
                /** Format: int64 */
                total: number;
            } | null;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            count: number | string;
            /** Format: int64 */
            entries: number;
            ids: number[][];
            /** Format: int64 */
            journal: number;
            lastBooking: number | null;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            totalCostPrice: number | string;
            vouchers: {
                /** Format: int64 */
                entries: number;
                /** Format: int64 */
                id: number;
                /** Format: int64 */
                number: number;
            }[];
        };
        Entry: {
            costPrice?: (number | string) | null;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            count: number | string;
            creditNoteReference?: {
                /** Format: int64 */
                id: number;
                type: string;
            } | null;
            customer?: components["schemas"]["Reference"] | null;
            description?: string | null;
            externalReference?: {
                /** Format: int64 */
                id: number;
                type: string;
            } | null;
            readonly id?: number;
            instances?: components["schemas"]["Reference"][] | null;
            location: components["schemas"]["Reference"];
            lot?: components["schemas"]["Reference"] | null;
            orgUnit?: components["schemas"]["Reference"] | null;
            product: components["schemas"]["Reference"];
            reason?: components["schemas"]["Reference"] | null;
            reservation?: components["schemas"]["Reference"] | null;
            salesPrice?: (number | string) | null;
            source?: {
                identifier?: string;
                /** Format: int64 */
                kind?: number;
            } | null;
            /** Format: date-time */
            stockDate: string;
            supplier?: components["schemas"]["Reference"] | null;
            unit?: components["schemas"]["Reference"] | null;
            variant?: components["schemas"]["Reference"] | null;
            readonly variantIdentifier?: string | null;
            voucher: components["schemas"]["Reference"];
        };
        GlDocument: {
            /** Format: date-time */
            createdAt?: string;
            /** Format: int64 */
            fromPosition: number;
            /**
             * @description What batches came to, or stock that stands in another account from now on.
             * @enum {unknown}
             */
            kind: "postings" | "reclassification";
            lines: {
                account: string;
                /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                credit: number | string;
                /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                debit: number | string;
                orgUnit: {
                    /** Format: int64 */
                    id: number;
                    path: string;
                };
            }[];
            /** Format: int64 */
            number: number;
            period: string;
            /** Format: int64 */
            toPosition: number;
        };
        GlLine: {
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            amount: number | string;
            credit: {
                account: string;
                orgUnit: {
                    /** Format: int64 */
                    id: number;
                    path: string;
                };
            };
            debit: {
                account: string;
                orgUnit: {
                    /** Format: int64 */
                    id: number;
                    path: string;
                };
            };
            /** Format: date-time */
            effectiveAt: string;
            kind: string;
            movement: number | null;
            /** Format: int64 */
            position: number;
            product: {
                /** Format: int64 */
                id: number;
                identifier: string;
            };
        };
        /** @description Which account of the general ledger a kind of posting has: stock itself, or where what changes its value comes from or goes to. A rule of a category holds for all below it that have none of their own. */
        GlRule: {
            /** @description The account, as the general ledger names it. */
            account: string;
            /** @description The products; any if left out. */
            category: {
                id: number;
                path?: string;
            } | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description What is posted.
             * @enum {string}
             */
            kind: "stock" | "inTransit" | "transfer" | "supplier" | "customer" | "production" | "adjustment" | "loss" | "internalUse" | "revaluation" | "landedCost" | "variance";
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called. Unique. */
            name: string;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        GlRuleToChange: {
            /** @description The account, as the general ledger names it. */
            account?: string;
            /** @description The products; any if left out. */
            category?: components["schemas"]["Reference"] | null;
            /**
             * @description What is posted.
             * @enum {string}
             */
            kind?: "stock" | "inTransit" | "transfer" | "supplier" | "customer" | "production" | "adjustment" | "loss" | "internalUse" | "revaluation" | "landedCost" | "variance";
            /** @description What it is called. Unique. */
            name?: string;
        } & {
            [key: string]: unknown;
        };
        GlRuleToCreate: {
            /** @description The account, as the general ledger names it. */
            account: string;
            /** @description The products; any if left out. */
            category?: components["schemas"]["Reference"] | null;
            /**
             * @description What is posted.
             * @enum {string}
             */
            kind: "stock" | "inTransit" | "transfer" | "supplier" | "customer" | "production" | "adjustment" | "loss" | "internalUse" | "revaluation" | "landedCost" | "variance";
            /** @description What it is called. Unique. */
            name: string;
        } & {
            [key: string]: unknown;
        };
        /** @description One piece of a serial-tracked product. */
        Instance: {
            /** @description What this very piece costs, before the product's. */
            costPrice: components["schemas"]["Decimal"] | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /**
             * Format: date-time
             * @description When it expires.
             */
            expiresAt: string | null;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /** @description The serial number, unique within the product. */
            identifier: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description The serial number, unique within the product. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description The product, tracked by serial number. */
            product: {
                id: number;
                identifier?: string;
            };
            /**
             * @description Where it is in its life.
             * @default AVAILABLE
             * @enum {string}
             */
            status: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED";
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description The variant. */
            variant: {
                id: number;
                identifier?: string;
            } | null;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        InstanceToChange: {
            /** @description What this very piece costs, before the product's. */
            costPrice?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description When it expires.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            expiresAt?: string | null;
            /** @description The serial number, unique within the product. */
            identifier?: string;
            /** @description The serial number, unique within the product. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description The product, tracked by serial number. */
            product?: components["schemas"]["Reference"];
            /**
             * @description Where it is in its life.
             * @default AVAILABLE
             * @enum {string|null}
             */
            status: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED" | null;
            /** @description The variant. */
            variant?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        InstanceToCreate: {
            /** @description What this very piece costs, before the product's. */
            costPrice?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description When it expires.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            expiresAt?: string | null;
            /** @description The serial number, unique within the product. */
            identifier?: string;
            /** @description The serial number, unique within the product. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description The product, tracked by serial number. */
            product: components["schemas"]["Reference"];
            /**
             * @description Where it is in its life.
             * @default AVAILABLE
             * @enum {string|null}
             */
            status: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED" | null;
            /** @description The variant. */
            variant?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        /** @description Collects entries of one kind until they are booked; the ERP dialect calls it a stock draft. */
        Journal: {
            /**
             * @description Whether its bookings are for the general ledger.
             * @default false
             */
            createFinanceEntries: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Free text. */
            description: string | null;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether entries are booked as they come.
             * @default false
             */
            isAutoBook: boolean;
            /**
             * @description Whether it is there for administrators only.
             * @default false
             */
            isHidden: boolean;
            /**
             * @description What its entries do; fixed once it has vouchers.
             * @enum {string}
             */
            kind: "Settlement" | "InternalTransfer" | "InternalUse" | "Shrinkage" | "Delivery" | "Complaint";
            /** @description The location its entries are usually for. */
            location: {
                id: number;
                path?: string;
            } | null;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called. Unique. */
            name: string;
            /** @description The org unit it belongs to. */
            orgUnit: {
                id: number;
                path?: string;
            } | null;
            /** @description Where its voucher numbers come from; the tenant's own range if none is named. */
            series: {
                id: number;
                name?: string;
            } | null;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        JournalToChange: {
            /**
             * @description Whether its bookings are for the general ledger.
             * @default false
             */
            createFinanceEntries: boolean | null;
            /** @description Free text. */
            description?: string | null;
            /**
             * @description Whether entries are booked as they come.
             * @default false
             */
            isAutoBook: boolean | null;
            /**
             * @description Whether it is there for administrators only.
             * @default false
             */
            isHidden: boolean | null;
            /**
             * @description What its entries do; fixed once it has vouchers.
             * @enum {string}
             */
            kind?: "Settlement" | "InternalTransfer" | "InternalUse" | "Shrinkage" | "Delivery" | "Complaint";
            /** @description The location its entries are usually for. */
            location?: components["schemas"]["Reference"] | null;
            /** @description What it is called. Unique. */
            name?: string;
            /** @description The org unit it belongs to. */
            orgUnit?: components["schemas"]["Reference"] | null;
            /** @description Where its voucher numbers come from; the tenant's own range if none is named. */
            series?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        JournalToCreate: {
            /**
             * @description Whether its bookings are for the general ledger.
             * @default false
             */
            createFinanceEntries: boolean | null;
            /** @description Free text. */
            description?: string | null;
            /**
             * @description Whether entries are booked as they come.
             * @default false
             */
            isAutoBook: boolean | null;
            /**
             * @description Whether it is there for administrators only.
             * @default false
             */
            isHidden: boolean | null;
            /**
             * @description What its entries do; fixed once it has vouchers.
             * @enum {string}
             */
            kind: "Settlement" | "InternalTransfer" | "InternalUse" | "Shrinkage" | "Delivery" | "Complaint";
            /** @description The location its entries are usually for. */
            location?: components["schemas"]["Reference"] | null;
            /** @description What it is called. Unique. */
            name: string;
            /** @description The org unit it belongs to. */
            orgUnit?: components["schemas"]["Reference"] | null;
            /** @description Where its voucher numbers come from; the tenant's own range if none is named. */
            series?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        LandedCost: {
            amount: components["schemas"]["DecimalToSend"];
            /** @enum {string} */
            by: "quantity" | "value";
            readonly createdAt?: string;
            readonly createdBy?: number;
            readonly holds?: boolean;
            readonly id?: number;
            readonly lines?: {
                readonly amount?: number;
                /** Format: date-time */
                at?: string;
                readonly holds?: boolean;
                readonly line?: number;
                lot?: number | null;
                movement?: number | null;
                orgUnit?: components["schemas"]["Reference"];
                product?: components["schemas"]["Reference"];
                readonly quantity?: number;
                readonly value?: number;
                variant?: number | null;
            }[];
            /** @description Movements that brought something. */
            movements?: number[];
            readonly position?: number;
            reason: string;
            voucher?: components["schemas"]["Reference"] | null;
        };
        /** @description A node of the one tree of org units, plants, lines, shelves and bins. Without a parent it hangs below the root org unit, and its path is its name. Lists leave out the places outside the house and the one for what is in transit, unless `outside=true` is given. */
        Location: {
            /** @description Whether stock may go below zero here; nothing = as the place above or the setting says. */
            allowNegative: boolean | null;
            /** @description How much fits in. */
            capacity: components["schemas"]["Decimal"] | null;
            /** @description What the capacity is counted in, and what is entered here without a unit. */
            capacityUnit: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is about. */
            description: string | null;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether its org unit keeps stock here where an entry names no location.
             * @default false
             */
            isDefault: boolean;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean;
            /**
             * @description Whether it accounts for stock; yes for the type `orgUnit` if nothing is sent.
             * @default false
             */
            isOrgUnit: boolean;
            /**
             * @description What happens to a lot that arrives where another one is.
             * @default ALLOW_MULTIPLE
             */
            lotStorageStrategy: string;
            /**
             * @description Which lot an issue takes that names none.
             * @default FIFO
             */
            lotUseStrategy: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its name, unique below its parent; without `/`. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description What it is part of. */
            parent: {
                id: number;
                path?: string;
            } | null;
            /** @description Names below the root, joined by `/`. */
            path: string;
            /**
             * @description What is done there.
             * @default NONE
             */
            processType: string;
            /**
             * @description Its place among its neighbours.
             * @default 0
             */
            sortOrder: number;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /** @description The org unit whose stock this org unit uses; see the setting `stockOrgUnit`. */
            stockOrgUnit: {
                id: number;
                path?: string;
            } | null;
            /**
             * @description What kind of place it is; places outside the house read as `outside`.
             * @default unit
             */
            type: string;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        LocationToChange: {
            /** @description Whether stock may go below zero here; nothing = as the place above or the setting says. */
            allowNegative?: boolean | null;
            /** @description How much fits in. */
            capacity?: components["schemas"]["DecimalToSend"] | null;
            /** @description What the capacity is counted in, and what is entered here without a unit. */
            capacityUnit?: components["schemas"]["Reference"] | null;
            /** @description What it is about. */
            description?: string | null;
            /**
             * @description Whether its org unit keeps stock here where an entry names no location.
             * @default false
             */
            isDefault: boolean | null;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /**
             * @description Whether it accounts for stock; yes for the type `orgUnit` if nothing is sent.
             * @default false
             */
            isOrgUnit: boolean | null;
            /**
             * @description What happens to a lot that arrives where another one is.
             * @default ALLOW_MULTIPLE
             * @enum {string|null}
             */
            lotStorageStrategy: "ALLOW_MULTIPLE" | "ALLOW_SINGLE_OR_THROW" | "MERGE_INTO_PREVIOUS" | "MERGE_INTO_NEW" | "NO_STORAGE" | null;
            /**
             * @description Which lot an issue takes that names none.
             * @default FIFO
             * @enum {string|null}
             */
            lotUseStrategy: "FIFO" | "LIFO" | "FEFO" | null;
            /** @description Its name, unique below its parent; without `/`. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description What it is part of. */
            parent?: components["schemas"]["Reference"] | null;
            /**
             * @description What is done there.
             * @default NONE
             * @enum {string|null}
             */
            processType: "STORAGE" | "CONTINUOUS" | "BATCH" | "DISCRETE" | "NONE" | null;
            /**
             * @description Its place among its neighbours.
             * @default 0
             */
            sortOrder: number | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description What kind of place it is; places outside the house read as `outside`.
             * @default unit
             * @enum {string|null}
             */
            type: "enterprise" | "company" | "site" | "area" | "line" | "cellGroup" | "cell" | "unit" | "orgUnit" | "shelf" | null;
        } & {
            [key: string]: unknown;
        };
        LocationToCreate: {
            /** @description Whether stock may go below zero here; nothing = as the place above or the setting says. */
            allowNegative?: boolean | null;
            /** @description How much fits in. */
            capacity?: components["schemas"]["DecimalToSend"] | null;
            /** @description What the capacity is counted in, and what is entered here without a unit. */
            capacityUnit?: components["schemas"]["Reference"] | null;
            /** @description What it is about. */
            description?: string | null;
            /**
             * @description Whether its org unit keeps stock here where an entry names no location.
             * @default false
             */
            isDefault: boolean | null;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /**
             * @description Whether it accounts for stock; yes for the type `orgUnit` if nothing is sent.
             * @default false
             */
            isOrgUnit: boolean | null;
            /**
             * @description What happens to a lot that arrives where another one is.
             * @default ALLOW_MULTIPLE
             * @enum {string|null}
             */
            lotStorageStrategy: "ALLOW_MULTIPLE" | "ALLOW_SINGLE_OR_THROW" | "MERGE_INTO_PREVIOUS" | "MERGE_INTO_NEW" | "NO_STORAGE" | null;
            /**
             * @description Which lot an issue takes that names none.
             * @default FIFO
             * @enum {string|null}
             */
            lotUseStrategy: "FIFO" | "LIFO" | "FEFO" | null;
            /** @description Its name, unique below its parent; without `/`. */
            name: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description What it is part of. */
            parent?: components["schemas"]["Reference"] | null;
            /**
             * @description What is done there.
             * @default NONE
             * @enum {string|null}
             */
            processType: "STORAGE" | "CONTINUOUS" | "BATCH" | "DISCRETE" | "NONE" | null;
            /**
             * @description Its place among its neighbours.
             * @default 0
             */
            sortOrder: number | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description What kind of place it is; places outside the house read as `outside`.
             * @default unit
             * @enum {string|null}
             */
            type: "enterprise" | "company" | "site" | "area" | "line" | "cellGroup" | "cell" | "unit" | "orgUnit" | "shelf" | null;
        } & {
            [key: string]: unknown;
        };
        /** @description A batch of a lot-tracked product. */
        Lot: {
            /**
             * Format: date-time
             * @description Since when it is CLOSED.
             */
            closedAt: string | null;
            /** @description What one unit of this lot costs, before the product's. */
            costPrice: components["schemas"]["Decimal"] | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /**
             * Format: date-time
             * @description When it expires.
             */
            expiresAt: string | null;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its name, unique within the product. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description The product, tracked by lot. */
            product: {
                id: number;
                identifier?: string;
            };
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /**
             * @description Where it is in its life.
             * @default AVAILABLE
             * @enum {string}
             */
            status: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED";
            /** @description Who it came from. */
            supplier: {
                code?: string;
                id: number;
            } | null;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description The variant. */
            variant: {
                id: number;
                identifier?: string;
            } | null;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        LotToChange: {
            /** @description What one unit of this lot costs, before the product's. */
            costPrice?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description When it expires.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            expiresAt?: string | null;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Its name, unique within the product. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description The product, tracked by lot. */
            product?: components["schemas"]["Reference"];
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description Where it is in its life.
             * @default AVAILABLE
             * @enum {string|null}
             */
            status: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED" | null;
            /** @description Who it came from. */
            supplier?: components["schemas"]["Reference"] | null;
            /** @description The variant. */
            variant?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        LotToCreate: {
            /** @description What one unit of this lot costs, before the product's. */
            costPrice?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description When it expires.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            expiresAt?: string | null;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Its name, unique within the product. */
            name: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description The product, tracked by lot. */
            product: components["schemas"]["Reference"];
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description Where it is in its life.
             * @default AVAILABLE
             * @enum {string|null}
             */
            status: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED" | null;
            /** @description Who it came from. */
            supplier?: components["schemas"]["Reference"] | null;
            /** @description The variant. */
            variant?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        Movement: {
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            amount?: number | string;
            /** Format: int64 */
            batch?: number;
            /** Format: date-time */
            bookedAt?: string;
            /** Format: int64 */
            bookedBy?: number;
            counted?: (number | string) | null;
            creditNoteReference?: {
                /** Format: int64 */
                id: number;
                type: string;
            } | null;
            customer?: number | null;
            description?: string | null;
            /** Format: date-time */
            effectiveAt: string;
            entry?: number | null;
            externalReference?: {
                /** Format: int64 */
                id: number;
                type: string;
            } | null;
            from: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            /** Format: int64 */
            id: number;
            journal?: number | null;
            kind?: string;
            /** Format: int64 */
            line?: number;
            lot?: {
                /** Format: int64 */
                id: number;
                name?: string;
                uid?: string;
            } | null;
            orgUnit?: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            /** Format: int64 */
            position: number;
            product: {
                /** Format: int64 */
                id: number;
                identifier: string;
                name?: string;
            };
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            quantity: number | string;
            reason?: number | null;
            reverses?: number | null;
            run?: string | null;
            supplier?: number | null;
            to: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            unit?: string | null;
            unitCost?: (number | string) | null;
            variant?: number | null;
            voucher?: {
                /** Format: int64 */
                id: number;
                /** Format: int64 */
                number: number;
            } | null;
        };
        Mqtt: {
            /** @description Values of tags taken. */
            accepted?: number;
            /** @description The broker, without the password. */
            broker?: string | null;
            /** @description The name under which the broker keeps the session. */
            client?: string | null;
            /** Format: date-time */
            connectedSince?: string | null;
            /** @description How often the connection broke or could not be made. */
            failures?: number;
            filters?: string[];
            /** @description Values that were older than what their tag said last. */
            ignored?: number;
            isConnected?: boolean;
            /** @description Whether the server that answers is the one that talks. */
            isLeading?: boolean;
            /** @description Whether the settings name a broker and something to do there. */
            isWanted?: boolean;
            lastFault?: {
                /** Format: date-time */
                at?: string;
                message?: string;
            } | null;
            /** @description The server that talks. */
            leasedBy?: string | null;
            publishPrefix?: string | null;
            /** @description Messages that were published. */
            published?: number;
            /** @description Up to which position of the ledger inventory was published. */
            publishedPosition?: number | null;
            /** @description Messages that came since the server began or the settings changed. */
            received?: number;
            /** @description Messages that had been taken before, and came once more. */
            repeated?: number;
            /** @description Messages that hold nothing that a tag can hold. */
            unreadable?: number;
            unreadableBecause?: string | null;
        };
        Operated: {
            operation?: number;
            run?: components["schemas"]["Run"] | null;
            runs?: components["schemas"]["Run"][];
            status?: string;
        };
        /** @description What is done to lots again and again: started, stopped or executed by people, scripts or machine tags. Each time leaves a run. */
        Operation: {
            /**
             * @description Whether lots that do not exist are made.
             * @default false
             */
            createLotIfNotFound: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description The open run; 0 = none. */
            currentRun: number;
            /** @description Where it brings to. */
            destinationLocation: {
                id: number;
                path?: string;
            } | null;
            /** @description Why it is FAULTED. */
            fault: string;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether what it produces counts for the production order.
             * @default false
             */
            incrementProductionOrderCount: boolean;
            /** @description What the row of stock is called. */
            inventoryName: string | null;
            /** @description An expression over tags. */
            inventoryNameExpression: string | null;
            /**
             * @description What the row of stock is called by.
             * @default STATIC
             */
            inventoryNameResolutionStrategy: string;
            /**
             * @description Whether it may be started.
             * @default true
             */
            isEnabled: boolean;
            /** @description The product. */
            material: {
                id: number;
                identifier?: string;
            } | null;
            /** @description An expression over tags. */
            materialExpression: string | null;
            /**
             * @description What says which product it is about.
             * @default STATIC
             */
            materialSource: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called. */
            name: string;
            /** @description Free text, which goes along with each run. */
            notes: string | null;
            /**
             * @description What it does.
             * @default CONSUME
             */
            operationType: string;
            /** @description An expression over tags. */
            primaryLotCodeExpression: string | null;
            /**
             * @description Which lot it is about.
             * @default AUTO_GENERATE
             */
            primaryLotResolutionStrategy: string;
            /** @description What it is part of: its runs keep the record and the order that are current then, and with the trigger PARENT it starts and stops with it. */
            process: {
                id: number;
                name?: string;
            } | null;
            /**
             * @description Whether a counter that rises while it runs, or the value at its end.
             * @default DELTA
             */
            quantityCalcType: string;
            /** @description An expression over tags. */
            quantityExpression: string | null;
            /** @description Where the counter returns to 0; nothing or 0 = nowhere. */
            quantityOverflowValue: components["schemas"]["Decimal"] | null;
            /**
             * @description What says how much.
             * @default EXPRESSION
             */
            quantitySource: string;
            /** @description Why. */
            reasonCode: {
                id: number;
                name?: string;
            } | null;
            /** @description An expression over tags. */
            secondaryLotCodeExpression: string | null;
            /**
             * @description Which lot is on the other side.
             * @default AUTO_GENERATE
             */
            secondaryLotResolutionStrategy: string;
            /** @description The product on the other side. */
            secondaryMaterial: {
                id: number;
                identifier?: string;
            } | null;
            /** @description Where it takes from. */
            sourceLocation: {
                id: number;
                path?: string;
            } | null;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /** @description An expression over tags. */
            startTriggerExpression: string | null;
            /**
             * @description Which change of the expression starts it.
             * @default RISING_EDGE
             */
            startTriggerType: string;
            /** @description IDLE, RUNNING, COMPLETED, CANCELLED or FAULTED. */
            status: string;
            /** @description An expression over tags. */
            stopTriggerExpression: string | null;
            /**
             * @description Which change of the expression stops it.
             * @default FALLING_EDGE
             */
            stopTriggerType: string;
            /**
             * @description What starts and stops it, beside people and scripts.
             * @default EXPRESSION
             */
            triggerSource: string;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description What the quantity is counted in. */
            unitOfMeasure: string | null;
            /**
             * @description Whether that unit, or the product's base unit.
             * @default STATIC
             */
            unitOfMeasureResolutionStrategy: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        /** @description What is said goes before what is configured. */
        OperationSaid: {
            endedAt?: string | null;
            inventoryName?: string | null;
            lot?: string | null;
            product?: string | null;
            quantity?: components["schemas"]["DecimalToSend"];
            /** @description What it takes is taken of this reservation, as far as that is open. What a start names counts at its stop, unless that names another; while it runs, and where it is cancelled, the reservation stays as it is. */
            reservation?: components["schemas"]["Reference"] | null;
            secondaryLot?: string | null;
            startedAt?: string | null;
        };
        OperationState: {
            fault: string | null;
            operation: {
                destinationLocation: {
                    id: number;
                    path: string;
                } | null;
                id: number;
                isEnabled: boolean;
                material: {
                    id: number;
                    identifier: string;
                    name: string;
                } | null;
                materialSource: string;
                name: string;
                operationType: string;
                primaryLotResolutionStrategy: string;
                quantitySource: string;
                secondaryLotResolutionStrategy: string;
                secondaryMaterial: {
                    id: number;
                    identifier: string;
                    name: string;
                } | null;
                sourceLocation: {
                    id: number;
                    path: string;
                } | null;
                triggerSource: string;
                uid: string;
                unitOfMeasure: string | null;
            };
            /** @description What keeps it from being started, by field. */
            problems: {
                [key: string]: string[];
            };
            run: components["schemas"]["Run"] | null;
            /** @description What a stop would move now, by what tags say. */
            soFar: number | null;
            /** @description Why tags do not say how much. */
            soFarFault: string | null;
            /** @description IDLE, RUNNING, COMPLETED, CANCELLED or FAULTED. */
            status: string;
            /** @description What keeps nothing, but may not be what was meant, by field. */
            warnings?: {
                [key: string]: string[];
            };
        };
        OperationToChange: {
            /**
             * @description Whether lots that do not exist are made.
             * @default false
             */
            createLotIfNotFound: boolean | null;
            /** @description Where it brings to. */
            destinationLocation?: components["schemas"]["Reference"] | null;
            /**
             * @description Whether what it produces counts for the production order.
             * @default false
             */
            incrementProductionOrderCount: boolean | null;
            /** @description What the row of stock is called. */
            inventoryName?: string | null;
            /** @description An expression over tags. */
            inventoryNameExpression?: string | null;
            /**
             * @description What the row of stock is called by.
             * @default STATIC
             * @enum {string|null}
             */
            inventoryNameResolutionStrategy: "STATIC" | "EXPRESSION" | "MANUAL" | "AUTO_GENERATE" | null;
            /**
             * @description Whether it may be started.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description The product. */
            material?: components["schemas"]["Reference"] | null;
            /** @description An expression over tags. */
            materialExpression?: string | null;
            /**
             * @description What says which product it is about.
             * @default STATIC
             * @enum {string|null}
             */
            materialSource: "STATIC" | "EXPRESSION" | "MANUAL" | "PARENT" | null;
            /** @description What it is called. */
            name?: string;
            /** @description Free text, which goes along with each run. */
            notes?: string | null;
            /**
             * @description What it does.
             * @default CONSUME
             * @enum {string|null}
             */
            operationType: "CONSUME" | "UNCONSUME" | "PRODUCE" | "SCRAP" | "SCRAP_ALL" | "RETURN" | "RECEIVE" | "RECEIVE_AND_CONSUME" | "SHIP" | null;
            /** @description An expression over tags. */
            primaryLotCodeExpression?: string | null;
            /**
             * @description Which lot it is about.
             * @default AUTO_GENERATE
             * @enum {string|null}
             */
            primaryLotResolutionStrategy: "AUTO_GENERATE" | "EXPRESSION" | "MANUAL" | "FROM_LOCATION" | null;
            /** @description What it is part of: its runs keep the record and the order that are current then, and with the trigger PARENT it starts and stops with it. */
            process?: components["schemas"]["Reference"] | null;
            /**
             * @description Whether a counter that rises while it runs, or the value at its end.
             * @default DELTA
             * @enum {string|null}
             */
            quantityCalcType: "DELTA" | "DIRECT" | null;
            /** @description An expression over tags. */
            quantityExpression?: string | null;
            /** @description Where the counter returns to 0; nothing or 0 = nowhere. */
            quantityOverflowValue?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description What says how much.
             * @default EXPRESSION
             * @enum {string|null}
             */
            quantitySource: "EXPRESSION" | "MANUAL" | null;
            /** @description Why. */
            reasonCode?: components["schemas"]["Reference"] | null;
            /** @description An expression over tags. */
            secondaryLotCodeExpression?: string | null;
            /**
             * @description Which lot is on the other side.
             * @default AUTO_GENERATE
             * @enum {string|null}
             */
            secondaryLotResolutionStrategy: "AUTO_GENERATE" | "EXPRESSION" | "MANUAL" | "FROM_LOCATION" | null;
            /** @description The product on the other side. */
            secondaryMaterial?: components["schemas"]["Reference"] | null;
            /** @description Where it takes from. */
            sourceLocation?: components["schemas"]["Reference"] | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /** @description An expression over tags. */
            startTriggerExpression?: string | null;
            /**
             * @description Which change of the expression starts it.
             * @default RISING_EDGE
             * @enum {string|null}
             */
            startTriggerType: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE" | null;
            /** @description An expression over tags. */
            stopTriggerExpression?: string | null;
            /**
             * @description Which change of the expression stops it.
             * @default FALLING_EDGE
             * @enum {string|null}
             */
            stopTriggerType: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE" | null;
            /**
             * @description What starts and stops it, beside people and scripts.
             * @default EXPRESSION
             * @enum {string|null}
             */
            triggerSource: "EXPRESSION" | "MANUAL" | "PARENT" | null;
            /** @description What the quantity is counted in. */
            unitOfMeasure?: components["schemas"]["Reference"] | null;
            /**
             * @description Whether that unit, or the product's base unit.
             * @default STATIC
             * @enum {string|null}
             */
            unitOfMeasureResolutionStrategy: "STATIC" | "FROM_CONTEXT" | null;
        } & {
            [key: string]: unknown;
        };
        OperationToCreate: {
            /**
             * @description Whether lots that do not exist are made.
             * @default false
             */
            createLotIfNotFound: boolean | null;
            /** @description Where it brings to. */
            destinationLocation?: components["schemas"]["Reference"] | null;
            /**
             * @description Whether what it produces counts for the production order.
             * @default false
             */
            incrementProductionOrderCount: boolean | null;
            /** @description What the row of stock is called. */
            inventoryName?: string | null;
            /** @description An expression over tags. */
            inventoryNameExpression?: string | null;
            /**
             * @description What the row of stock is called by.
             * @default STATIC
             * @enum {string|null}
             */
            inventoryNameResolutionStrategy: "STATIC" | "EXPRESSION" | "MANUAL" | "AUTO_GENERATE" | null;
            /**
             * @description Whether it may be started.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description The product. */
            material?: components["schemas"]["Reference"] | null;
            /** @description An expression over tags. */
            materialExpression?: string | null;
            /**
             * @description What says which product it is about.
             * @default STATIC
             * @enum {string|null}
             */
            materialSource: "STATIC" | "EXPRESSION" | "MANUAL" | "PARENT" | null;
            /** @description What it is called. */
            name: string;
            /** @description Free text, which goes along with each run. */
            notes?: string | null;
            /**
             * @description What it does.
             * @default CONSUME
             * @enum {string|null}
             */
            operationType: "CONSUME" | "UNCONSUME" | "PRODUCE" | "SCRAP" | "SCRAP_ALL" | "RETURN" | "RECEIVE" | "RECEIVE_AND_CONSUME" | "SHIP" | null;
            /** @description An expression over tags. */
            primaryLotCodeExpression?: string | null;
            /**
             * @description Which lot it is about.
             * @default AUTO_GENERATE
             * @enum {string|null}
             */
            primaryLotResolutionStrategy: "AUTO_GENERATE" | "EXPRESSION" | "MANUAL" | "FROM_LOCATION" | null;
            /** @description What it is part of: its runs keep the record and the order that are current then, and with the trigger PARENT it starts and stops with it. */
            process?: components["schemas"]["Reference"] | null;
            /**
             * @description Whether a counter that rises while it runs, or the value at its end.
             * @default DELTA
             * @enum {string|null}
             */
            quantityCalcType: "DELTA" | "DIRECT" | null;
            /** @description An expression over tags. */
            quantityExpression?: string | null;
            /** @description Where the counter returns to 0; nothing or 0 = nowhere. */
            quantityOverflowValue?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description What says how much.
             * @default EXPRESSION
             * @enum {string|null}
             */
            quantitySource: "EXPRESSION" | "MANUAL" | null;
            /** @description Why. */
            reasonCode?: components["schemas"]["Reference"] | null;
            /** @description An expression over tags. */
            secondaryLotCodeExpression?: string | null;
            /**
             * @description Which lot is on the other side.
             * @default AUTO_GENERATE
             * @enum {string|null}
             */
            secondaryLotResolutionStrategy: "AUTO_GENERATE" | "EXPRESSION" | "MANUAL" | "FROM_LOCATION" | null;
            /** @description The product on the other side. */
            secondaryMaterial?: components["schemas"]["Reference"] | null;
            /** @description Where it takes from. */
            sourceLocation?: components["schemas"]["Reference"] | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /** @description An expression over tags. */
            startTriggerExpression?: string | null;
            /**
             * @description Which change of the expression starts it.
             * @default RISING_EDGE
             * @enum {string|null}
             */
            startTriggerType: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE" | null;
            /** @description An expression over tags. */
            stopTriggerExpression?: string | null;
            /**
             * @description Which change of the expression stops it.
             * @default FALLING_EDGE
             * @enum {string|null}
             */
            stopTriggerType: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE" | null;
            /**
             * @description What starts and stops it, beside people and scripts.
             * @default EXPRESSION
             * @enum {string|null}
             */
            triggerSource: "EXPRESSION" | "MANUAL" | "PARENT" | null;
            /** @description What the quantity is counted in. */
            unitOfMeasure?: components["schemas"]["Reference"] | null;
            /**
             * @description Whether that unit, or the product's base unit.
             * @default STATIC
             * @enum {string|null}
             */
            unitOfMeasureResolutionStrategy: "STATIC" | "FROM_CONTEXT" | null;
        } & {
            [key: string]: unknown;
        };
        /** @description A customer, a supplier, or both. */
        Party: {
            /** @description Its number or code. Unique. */
            code: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called. */
            name: string;
            /**
             * @description What it is to us; both if nothing is sent.
             * @default [
             *       "customer",
             *       "supplier"
             *     ]
             */
            roles: ("customer" | "supplier")[];
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        PartyToChange: {
            /** @description Its number or code. Unique. */
            code?: string;
            /** @description What it is called. */
            name?: string;
            /**
             * @description What it is to us; both if nothing is sent.
             * @default [
             *       "customer",
             *       "supplier"
             *     ]
             */
            roles: ("customer" | "supplier")[] | null;
        } & {
            [key: string]: unknown;
        };
        PartyToCreate: {
            /** @description Its number or code. Unique. */
            code: string;
            /** @description What it is called. */
            name: string;
            /**
             * @description What it is to us; both if nothing is sent.
             * @default [
             *       "customer",
             *       "supplier"
             *     ]
             */
            roles: ("customer" | "supplier")[] | null;
        } & {
            [key: string]: unknown;
        };
        Period: {
            /** Format: date-time */
            closedAt: string;
            closedBy: {
                id?: number;
                name?: string | null;
            };
            closedUntil: string | null;
            id: number;
            orgUnit: {
                id?: number;
                path?: string;
            } | null;
            since: number;
        };
        /** @description Why there is no result, as RFC 9457 has it. */
        Problem: {
            /** @description Stable, in camelCase. */
            code: string;
            /** @description The stable code of each of these faults, by the same path and in the same order. */
            codes?: {
                [key: string]: string[];
            };
            /** @description A sentence for a person. */
            detail: string;
            details?: {
                [key: string]: number;
            };
            /** @description Under which the server's log says more. */
            requestId?: string;
            status: number;
            title: string;
            /** @example /errors/insufficientStock */
            type: string;
            /** @description Each fault of the request: its path, such as `[3].quantity`, and what is wrong there. */
            violations?: {
                [key: string]: string[];
            };
        };
        /** @description What a line or a cell does for a production order, from start to stop. Operations whose trigger is PARENT start and stop with it. */
        Process: {
            /**
             * @description Kept for schedules elsewhere.
             * @default true
             */
            autoAddToSchedule: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description The order it is for. */
            currentOrder: {
                id: number;
                name?: string;
            } | null;
            /** @description The open record; 0 = none. */
            currentRecord: number;
            /**
             * @description What says how long it takes.
             * @default STATIC
             */
            expectedDurationCalculationStrategy: string;
            /** @description An expression over tags. */
            expectedDurationExpression: string | null;
            /**
             * @description How long it takes.
             * @default 0
             */
            expectedDurationSeconds: number;
            /** @description Why it is FAULTED. */
            fault: string;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether it may be started.
             * @default true
             */
            isEnabled: boolean;
            /** @description Where it happens. */
            location: {
                id: number;
                path?: string;
            };
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called. Unique. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description Names the order. */
            productionOrderExpression: string | null;
            /**
             * @description Which order a start that names none is for: that of the expression, the next that is scheduled at its location, or else the one that was set.
             * @default NONE
             */
            productionOrderResolutionStrategy: string;
            /**
             * @description Kept for the script API; the expression is read at the start.
             * @default KEEP_FIRST_GOOD_VALUE
             */
            productionOrderUpdateStrategy: string;
            /**
             * @description What a start does while it runs: end that record first, or be refused.
             * @default STOP_PREVIOUS
             */
            runningConflictStrategy: string;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /**
             * @description To what.
             * @default RUNNING
             */
            startProductionOrderStatus: string;
            /** @description An expression over tags. */
            startTriggerExpression: string | null;
            /**
             * @description Which change starts it.
             * @default RISING_EDGE
             */
            startTriggerType: string;
            /** @description IDLE, RUNNING, COMPLETED or FAULTED. */
            status: string;
            /**
             * @description To what.
             * @default STOPPED
             */
            stopProductionOrderStatus: string;
            /** @description An expression over tags. */
            stopTriggerExpression: string | null;
            /**
             * @description Which change stops it.
             * @default FALLING_EDGE
             */
            stopTriggerType: string;
            /**
             * @description What starts and stops it, beside people and scripts.
             * @default MANUAL
             */
            triggerSource: string;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /**
             * @description Whether a start changes the order's status.
             * @default false
             */
            updateProductionOrderStatusOnStart: boolean;
            /**
             * @description Whether a stop changes the order's status.
             * @default false
             */
            updateProductionOrderStatusOnStop: boolean;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        ProcessOperated: {
            /** @description The operations that started or stopped with it. */
            operations?: {
                fault?: string | null;
                id?: number;
                status?: string;
            }[];
            order?: {
                id?: number;
                name?: string | null;
            } | null;
            process?: number;
            record?: components["schemas"]["ProcessRecord"] | null;
            status?: string;
        };
        /** @description A process from one start to its stop. */
        ProcessRecord: {
            endedAt?: string | null;
            id?: number;
            location?: {
                id?: number;
                path?: string;
            };
            order?: {
                id?: number;
                name?: string | null;
            } | null;
            process?: {
                id?: number;
                name?: string | null;
            };
            /** Format: date-time */
            startedAt?: string;
            /** @enum {string} */
            status?: "RUNNING" | "COMPLETED";
            uid?: string;
        };
        ProcessToChange: {
            /**
             * @description Kept for schedules elsewhere.
             * @default true
             */
            autoAddToSchedule: boolean | null;
            /**
             * @description What says how long it takes.
             * @default STATIC
             * @enum {string|null}
             */
            expectedDurationCalculationStrategy: "STATIC" | "EXPRESSION" | "FROM_PRODUCTION_ORDER" | null;
            /** @description An expression over tags. */
            expectedDurationExpression?: string | null;
            /**
             * @description How long it takes.
             * @default 0
             */
            expectedDurationSeconds: number | null;
            /**
             * @description Whether it may be started.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Where it happens. */
            location?: components["schemas"]["Reference"];
            /** @description What it is called. Unique. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description Names the order. */
            productionOrderExpression?: string | null;
            /**
             * @description Which order a start that names none is for: that of the expression, the next that is scheduled at its location, or else the one that was set.
             * @default NONE
             * @enum {string|null}
             */
            productionOrderResolutionStrategy: "NONE" | "MANUAL" | "EXPRESSION" | "SCHEDULE" | null;
            /**
             * @description Kept for the script API; the expression is read at the start.
             * @default KEEP_FIRST_GOOD_VALUE
             * @enum {string|null}
             */
            productionOrderUpdateStrategy: "KEEP_FIRST_GOOD_VALUE" | "KEEP_LAST_GOOD_VALUE" | "THROW_ERROR" | "NEW_RECORD" | null;
            /**
             * @description What a start does while it runs: end that record first, or be refused.
             * @default STOP_PREVIOUS
             * @enum {string|null}
             */
            runningConflictStrategy: "STOP_PREVIOUS" | "THROW_EXCEPTION" | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description To what.
             * @default RUNNING
             * @enum {string|null}
             */
            startProductionOrderStatus: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED" | null;
            /** @description An expression over tags. */
            startTriggerExpression?: string | null;
            /**
             * @description Which change starts it.
             * @default RISING_EDGE
             * @enum {string|null}
             */
            startTriggerType: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE" | null;
            /**
             * @description To what.
             * @default STOPPED
             * @enum {string|null}
             */
            stopProductionOrderStatus: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED" | null;
            /** @description An expression over tags. */
            stopTriggerExpression?: string | null;
            /**
             * @description Which change stops it.
             * @default FALLING_EDGE
             * @enum {string|null}
             */
            stopTriggerType: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE" | null;
            /**
             * @description What starts and stops it, beside people and scripts.
             * @default MANUAL
             * @enum {string|null}
             */
            triggerSource: "EXPRESSION" | "MANUAL" | null;
            /**
             * @description Whether a start changes the order's status.
             * @default false
             */
            updateProductionOrderStatusOnStart: boolean | null;
            /**
             * @description Whether a stop changes the order's status.
             * @default false
             */
            updateProductionOrderStatusOnStop: boolean | null;
        } & {
            [key: string]: unknown;
        };
        ProcessToCreate: {
            /**
             * @description Kept for schedules elsewhere.
             * @default true
             */
            autoAddToSchedule: boolean | null;
            /**
             * @description What says how long it takes.
             * @default STATIC
             * @enum {string|null}
             */
            expectedDurationCalculationStrategy: "STATIC" | "EXPRESSION" | "FROM_PRODUCTION_ORDER" | null;
            /** @description An expression over tags. */
            expectedDurationExpression?: string | null;
            /**
             * @description How long it takes.
             * @default 0
             */
            expectedDurationSeconds: number | null;
            /**
             * @description Whether it may be started.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Where it happens. */
            location: components["schemas"]["Reference"];
            /** @description What it is called. Unique. */
            name: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description Names the order. */
            productionOrderExpression?: string | null;
            /**
             * @description Which order a start that names none is for: that of the expression, the next that is scheduled at its location, or else the one that was set.
             * @default NONE
             * @enum {string|null}
             */
            productionOrderResolutionStrategy: "NONE" | "MANUAL" | "EXPRESSION" | "SCHEDULE" | null;
            /**
             * @description Kept for the script API; the expression is read at the start.
             * @default KEEP_FIRST_GOOD_VALUE
             * @enum {string|null}
             */
            productionOrderUpdateStrategy: "KEEP_FIRST_GOOD_VALUE" | "KEEP_LAST_GOOD_VALUE" | "THROW_ERROR" | "NEW_RECORD" | null;
            /**
             * @description What a start does while it runs: end that record first, or be refused.
             * @default STOP_PREVIOUS
             * @enum {string|null}
             */
            runningConflictStrategy: "STOP_PREVIOUS" | "THROW_EXCEPTION" | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description To what.
             * @default RUNNING
             * @enum {string|null}
             */
            startProductionOrderStatus: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED" | null;
            /** @description An expression over tags. */
            startTriggerExpression?: string | null;
            /**
             * @description Which change starts it.
             * @default RISING_EDGE
             * @enum {string|null}
             */
            startTriggerType: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE" | null;
            /**
             * @description To what.
             * @default STOPPED
             * @enum {string|null}
             */
            stopProductionOrderStatus: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED" | null;
            /** @description An expression over tags. */
            stopTriggerExpression?: string | null;
            /**
             * @description Which change stops it.
             * @default FALLING_EDGE
             * @enum {string|null}
             */
            stopTriggerType: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE" | null;
            /**
             * @description What starts and stops it, beside people and scripts.
             * @default MANUAL
             * @enum {string|null}
             */
            triggerSource: "EXPRESSION" | "MANUAL" | null;
            /**
             * @description Whether a start changes the order's status.
             * @default false
             */
            updateProductionOrderStatusOnStart: boolean | null;
            /**
             * @description Whether a stop changes the order's status.
             * @default false
             */
            updateProductionOrderStatusOnStop: boolean | null;
        } & {
            [key: string]: unknown;
        };
        /** @description What stock is kept of. */
        Product: {
            /**
             * @description Its barcodes.
             * @default []
             */
            barcodes: string[];
            /** @description Where it belongs. */
            category: {
                id: number;
                path?: string;
            } | null;
            /** @description The cost of one unit where an entry gives none. */
            costPrice: components["schemas"]["Decimal"] | null;
            /**
             * @description How the cost of an issue is found.
             * @default average
             * @enum {string}
             */
            costing: "average" | "fifo" | "standard" | "specific";
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description The cost of one unit where there is no cost price either. */
            defaultCostPrice: components["schemas"]["Decimal"] | null;
            /** @description What it is, in more words than its name. */
            description: string | null;
            /** @description What another system calls it. */
            erpId: string | null;
            /**
             * @description Whether each entry has to name a variant.
             * @default false
             */
            hasVariants: boolean;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /** @description Its number or code: 85123A. Unique, whatever the case of its letters. */
            identifier: string;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description A pattern for printing its quantities. */
            quantityFormat: string | null;
            /** @description The price of one unit. */
            salesPrice: components["schemas"]["Decimal"] | null;
            /** @description So many days after it was made a new lot expires. */
            shelfLifeDays: number | null;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /**
             * @description How pieces or batches are told apart; fixed after the first movement.
             * @default none
             * @enum {string}
             */
            tracking: "none" | "lot" | "serial";
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description Its base unit, pieces if none is named; fixed after the first movement. */
            unit: string | null;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        ProductToChange: {
            /**
             * @description Its barcodes.
             * @default []
             */
            barcodes: string[] | null;
            /** @description Where it belongs. */
            category?: components["schemas"]["Reference"] | null;
            /** @description The cost of one unit where an entry gives none. */
            costPrice?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description How the cost of an issue is found.
             * @default average
             * @enum {string|null}
             */
            costing: "average" | "fifo" | "standard" | "specific" | null;
            /** @description The cost of one unit where there is no cost price either. */
            defaultCostPrice?: components["schemas"]["DecimalToSend"] | null;
            /** @description What it is, in more words than its name. */
            description?: string | null;
            /** @description What another system calls it. */
            erpId?: string | null;
            /**
             * @description Whether each entry has to name a variant.
             * @default false
             */
            hasVariants: boolean | null;
            /** @description Its number or code: 85123A. Unique, whatever the case of its letters. */
            identifier?: string;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description What it is called. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description A pattern for printing its quantities. */
            quantityFormat?: string | null;
            /** @description The price of one unit. */
            salesPrice?: components["schemas"]["DecimalToSend"] | null;
            /** @description So many days after it was made a new lot expires. */
            shelfLifeDays?: number | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description How pieces or batches are told apart; fixed after the first movement.
             * @default none
             * @enum {string|null}
             */
            tracking: "none" | "lot" | "serial" | null;
            /** @description Its base unit, pieces if none is named; fixed after the first movement. */
            unit?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        ProductToCreate: {
            /**
             * @description Its barcodes.
             * @default []
             */
            barcodes: string[] | null;
            /** @description Where it belongs. */
            category?: components["schemas"]["Reference"] | null;
            /** @description The cost of one unit where an entry gives none. */
            costPrice?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description How the cost of an issue is found.
             * @default average
             * @enum {string|null}
             */
            costing: "average" | "fifo" | "standard" | "specific" | null;
            /** @description The cost of one unit where there is no cost price either. */
            defaultCostPrice?: components["schemas"]["DecimalToSend"] | null;
            /** @description What it is, in more words than its name. */
            description?: string | null;
            /** @description What another system calls it. */
            erpId?: string | null;
            /**
             * @description Whether each entry has to name a variant.
             * @default false
             */
            hasVariants: boolean | null;
            /** @description Its number or code: 85123A. Unique, whatever the case of its letters. */
            identifier: string;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description What it is called. */
            name: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description A pattern for printing its quantities. */
            quantityFormat?: string | null;
            /** @description The price of one unit. */
            salesPrice?: components["schemas"]["DecimalToSend"] | null;
            /** @description So many days after it was made a new lot expires. */
            shelfLifeDays?: number | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description How pieces or batches are told apart; fixed after the first movement.
             * @default none
             * @enum {string|null}
             */
            tracking: "none" | "lot" | "serial" | null;
            /** @description Its base unit, pieces if none is named; fixed after the first movement. */
            unit?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        /** @description So much of a product is to be made. What is produced for it is counted. */
        ProductionOrder: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Who ordered it. */
            customer: {
                code?: string;
                id: number;
            } | null;
            /**
             * Format: date-time
             * @description When it has to be ready.
             */
            dueDate: string | null;
            /**
             * Format: date-time
             * @description When it is to end.
             */
            endDate: string | null;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether it may be worked on.
             * @default true
             */
            isEnabled: boolean;
            /** @description Where it is to be made. */
            location: {
                id: number;
                path?: string;
            } | null;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its number or name. Unique. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description What is to be made. */
            product: {
                id: number;
                identifier?: string;
            };
            /** @description How much is to be made. */
            quantity: components["schemas"]["Decimal"] | null;
            /** @description How much was made. */
            quantityProduced: components["schemas"]["Decimal"] | null;
            /** @description How much is scheduled. */
            quantityScheduled: components["schemas"]["Decimal"] | null;
            /**
             * @description How urgent it is.
             * @default NORMAL
             */
            schedulePriority: string;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /**
             * Format: date-time
             * @description When it is to begin.
             */
            startDate: string | null;
            /**
             * @description Where it is in its life.
             * @default IDLE
             */
            status: string;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description What the quantities are counted in; the product's base unit if none is named. */
            unitOfMeasure: string | null;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        ProductionOrderToChange: {
            /** @description Who ordered it. */
            customer?: components["schemas"]["Reference"] | null;
            /**
             * @description When it has to be ready.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            dueDate?: string | null;
            /**
             * @description When it is to end.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            endDate?: string | null;
            /**
             * @description Whether it may be worked on.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Where it is to be made. */
            location?: components["schemas"]["Reference"] | null;
            /** @description Its number or name. Unique. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description What is to be made. */
            product?: components["schemas"]["Reference"];
            /** @description How much is to be made. */
            quantity?: components["schemas"]["DecimalToSend"] | null;
            /** @description How much was made. */
            quantityProduced?: components["schemas"]["DecimalToSend"] | null;
            /** @description How much is scheduled. */
            quantityScheduled?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description How urgent it is.
             * @default NORMAL
             * @enum {string|null}
             */
            schedulePriority: "LOW" | "NORMAL" | "HIGH" | "URGENT" | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description When it is to begin.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            startDate?: string | null;
            /**
             * @description Where it is in its life.
             * @default IDLE
             * @enum {string|null}
             */
            status: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED" | null;
            /** @description What the quantities are counted in; the product's base unit if none is named. */
            unitOfMeasure?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        ProductionOrderToCreate: {
            /** @description Who ordered it. */
            customer?: components["schemas"]["Reference"] | null;
            /**
             * @description When it has to be ready.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            dueDate?: string | null;
            /**
             * @description When it is to end.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            endDate?: string | null;
            /**
             * @description Whether it may be worked on.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Where it is to be made. */
            location?: components["schemas"]["Reference"] | null;
            /** @description Its number or name. Unique. */
            name: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description What is to be made. */
            product: components["schemas"]["Reference"];
            /** @description How much is to be made. */
            quantity?: components["schemas"]["DecimalToSend"] | null;
            /** @description How much was made. */
            quantityProduced?: components["schemas"]["DecimalToSend"] | null;
            /** @description How much is scheduled. */
            quantityScheduled?: components["schemas"]["DecimalToSend"] | null;
            /**
             * @description How urgent it is.
             * @default NORMAL
             * @enum {string|null}
             */
            schedulePriority: "LOW" | "NORMAL" | "HIGH" | "URGENT" | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /**
             * @description When it is to begin.
             * @example 2027-03-31
             * @example 2027-03-31T12:00:00Z
             */
            startDate?: string | null;
            /**
             * @description Where it is in its life.
             * @default IDLE
             * @enum {string|null}
             */
            status: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED" | null;
            /** @description What the quantities are counted in; the product's base unit if none is named. */
            unitOfMeasure?: components["schemas"]["Reference"] | null;
        } & {
            [key: string]: unknown;
        };
        Promise: {
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            overdue: number | string;
            product: {
                /** Format: int64 */
                id: number;
                identifier?: string;
            };
            promisableAt?: string | null;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            quantity?: number | string;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            reserved: number | string;
            steps: {
                /** Format: date-time */
                at: string;
                /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                availableToPromise: number | string;
                /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                booked?: number | string;
                /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                incoming?: number | string;
                /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                projected: number | string;
                /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                released?: number | string;
            }[];
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            stock: number | string;
            unit?: string | null;
            variant?: {
                /** Format: int64 */
                id: number;
                identifier?: string;
            } | null;
        };
        /** @description Why stock was corrected, scrapped or held. */
        ReasonCode: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it means. */
            description: string | null;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called. Unique. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description The only kind of lot record that it is for. */
            recordType: string;
            /**
             * @description Whether a record with it needs notes.
             * @default false
             */
            requiresComment: boolean;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        ReasonCodeToChange: {
            /** @description What it means. */
            description?: string | null;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description What it is called. Unique. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /**
             * @description The only kind of lot record that it is for.
             * @enum {string|null}
             */
            recordType?: "CONSUME" | "UNCONSUME" | "PRODUCE" | "MOVE" | "SPLIT" | "MERGE" | "SCRAP" | "RETURN" | "STATUS_CHANGE" | "EDIT" | "RECEIVE" | "SHIP" | null;
            /**
             * @description Whether a record with it needs notes.
             * @default false
             */
            requiresComment: boolean | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
        } & {
            [key: string]: unknown;
        };
        ReasonCodeToCreate: {
            /** @description What it means. */
            description?: string | null;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description What it is called. Unique. */
            name: string;
            /** @description Free text. */
            notes?: string | null;
            /**
             * @description The only kind of lot record that it is for.
             * @enum {string|null}
             */
            recordType?: "CONSUME" | "UNCONSUME" | "PRODUCE" | "MOVE" | "SPLIT" | "MERGE" | "SCRAP" | "RETURN" | "STATUS_CHANGE" | "EDIT" | "RECEIVE" | "SHIP" | null;
            /**
             * @description Whether a record with it needs notes.
             * @default false
             */
            requiresComment: boolean | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
        } & {
            [key: string]: unknown;
        };
        Recall: {
            affected?: {
                depth?: number;
                lot?: {
                    id?: number | null;
                    name?: string;
                    uid?: string;
                };
            }[];
            consumed?: number;
            customers?: {
                at?: string;
                lot?: {
                    id?: number | null;
                    name?: string;
                    uid?: string;
                };
                party?: {
                    code?: string;
                    name?: string;
                } | null;
                quantity?: number;
                unit?: string;
                voucher?: {
                    id?: number;
                    number?: number;
                } | null;
            }[];
            elsewhere?: {
                delivered?: number;
                lot?: {
                    id?: number | null;
                    name?: string;
                    uid?: string;
                };
                onHand?: number;
                unit?: string;
            }[];
            locations?: {
                location?: {
                    id?: number;
                    path?: string;
                };
                lot?: {
                    id?: number | null;
                    name?: string;
                    uid?: string;
                };
                quantity?: number;
                unit?: string;
            }[];
            lot?: {
                id?: number | null;
                name?: string;
                uid?: string;
            };
            made?: number;
            onHand?: number;
            position?: number;
            product?: {
                id?: number | null;
                identifier?: string;
                name?: string;
            };
            returned?: number;
            scrapped?: number;
            shipped?: number;
            truncated?: boolean;
            /** @description made − shipped − on hand − consumed − scrapped − returned. */
            unexplained?: number;
            unit?: string;
        };
        /**
         * @description A record: its id, its uid, or what people call it. An object as answers show it is taken, too.
         * @example 17
         * @example 85123A
         * @example Plant/Receiving/Silo1
         * @example kg
         */
        Reference: number | string | {
            id?: number;
            uid?: string;
        };
        ReportName: {
            filters: string[];
            name: string;
        };
        Reservation: {
            /**
             * @description Share it out now over usable lots and places: what came first, what expires first, what came last, or what is nearest. Else it stays open which piece it will be.
             * @enum {string}
             */
            allocate?: "fifo" | "fefo" | "lifo" | "nearest";
            allocation?: number | null;
            /** @default false */
            allowBackorder: boolean;
            readonly createdAt?: string;
            readonly createdBy?: number;
            description?: string | null;
            holdUntil?: string | null;
            readonly id?: number;
            /** @description What it was shared out into. Each is a reservation by its own id, to be named by the entry that issues it. */
            readonly lines?: {
                id?: number;
                location?: components["schemas"]["Reference"];
                lot?: components["schemas"]["Reference"] | null;
                open?: components["schemas"]["Decimal"];
                quantity?: components["schemas"]["Decimal"];
                state?: string;
                uid?: string;
            }[];
            location?: components["schemas"]["Reference"] | null;
            lot?: components["schemas"]["Reference"] | null;
            readonly modifiedAt?: string;
            readonly modifiedBy?: number;
            /** @description With `nearest`: from where the way is measured; else from `location`. */
            near?: components["schemas"]["Reference"] | null;
            /** @description What of it is still to be issued. */
            readonly open?: number;
            orgUnit?: components["schemas"]["Reference"] | null;
            product: components["schemas"]["Reference"];
            quantity: components["schemas"]["DecimalToSend"];
            /** @enum {string} */
            readonly state?: "held" | "confirmed" | "consumed" | "released" | "expired";
            readonly uid?: string;
            /** @description What `quantity` is sent in, converted as that of an entry; else the base unit of the product, which answers are always in. */
            unit?: components["schemas"]["Reference"] | null;
            variant?: components["schemas"]["Reference"] | null;
            readonly version?: number;
        };
        Revaluation: {
            /**
             * Format: date-time
             * @description Now when left out.
             */
            at?: string;
            readonly createdAt?: string;
            readonly createdBy?: number;
            /** @description Whether none of it was undone. */
            readonly holds?: boolean;
            readonly id?: number;
            readonly lines?: {
                readonly amount?: number;
                /** Format: date-time */
                at?: string;
                readonly holds?: boolean;
                readonly line?: number;
                lot?: number | null;
                movement?: number | null;
                orgUnit?: components["schemas"]["Reference"];
                product?: components["schemas"]["Reference"];
                readonly quantity?: number;
                readonly value?: number;
                variant?: number | null;
            }[];
            lot?: components["schemas"]["Reference"] | null;
            orgUnit?: components["schemas"]["Reference"] | null;
            readonly position?: number;
            product: components["schemas"]["Reference"];
            readonly quantity?: number;
            reason: string;
            value: components["schemas"]["DecimalToSend"];
            variant?: components["schemas"]["Reference"] | null;
        };
        Role: {
            name: string;
            permissions?: string[];
        };
        Run: {
            batch?: number | null;
            /**
             * @description Whether what PRODUCE brings counts for the production order.
             * @default false
             */
            countsOrder: boolean;
            /**
             * Format: date-time
             * @description When it ended, which is when the goods moved; when it began, if left out.
             */
            endedAt?: string;
            from?: components["schemas"]["Reference"] | null;
            readonly id?: number;
            inventoryName?: string | null;
            /** @enum {string} */
            kind: "CONSUME" | "UNCONSUME" | "PRODUCE" | "MOVE" | "SPLIT" | "MERGE" | "SCRAP" | "RETURN" | "STATUS_CHANGE" | "EDIT" | "RECEIVE" | "SHIP" | "SCRAP_ALL" | "RECEIVE_AND_CONSUME";
            /** @description By id or ULID, or by its name within the product. */
            lot?: string | number;
            readonly lotStatus?: string;
            /**
             * @description Whether lots that do not exist are made.
             * @default false
             */
            makesLots: boolean;
            /**
             * @description Of STATUS_CHANGE.
             * @enum {string}
             */
            newStatus?: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED";
            notes?: string | null;
            /**
             * @description It goes on; the goods moved when it began.
             * @default false
             */
            ongoing: boolean;
            operation?: {
                id?: number;
                name?: string | null;
            } | null;
            /** @description What moved of the lot, in the base unit of its product. */
            readonly primaryQuantity?: number;
            process?: components["schemas"]["Reference"] | null;
            processRecord?: number | null;
            product?: components["schemas"]["Reference"];
            productionOrder?: components["schemas"]["Reference"] | null;
            quantity?: components["schemas"]["DecimalToSend"];
            reason?: components["schemas"]["Reference"] | null;
            /** @description Other runs of the same action. */
            readonly related?: string[];
            /** @description What it takes is taken of this reservation, as far as that is open. */
            reservation?: components["schemas"]["Reference"] | null;
            secondaryLot?: (string | number) | null;
            secondaryProduct?: components["schemas"]["Reference"] | null;
            /** @description What moved of the secondary lot, in the base unit of its product. */
            readonly secondaryQuantity?: number;
            spare1?: string | null;
            spare2?: string | null;
            spare3?: string | null;
            /**
             * Format: date-time
             * @description When it began; now, if left out.
             */
            startedAt?: string;
            /** @enum {string} */
            readonly status?: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAULTED";
            to?: components["schemas"]["Reference"] | null;
            readonly uid?: string;
            unit?: components["schemas"]["Reference"] | null;
        };
        /** @description A range of numbers for the vouchers of journals. Ranges do not overlap. */
        Series: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its first number; fixed once numbers were taken. */
            from: number;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called. Unique. */
            name: string;
            /** @description Its last number. */
            to: number;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        SeriesToChange: {
            /** @description Its first number; fixed once numbers were taken. */
            from?: number;
            /** @description What it is called. Unique. */
            name?: string;
            /** @description Its last number. */
            to?: number;
        } & {
            [key: string]: unknown;
        };
        SeriesToCreate: {
            /** @description Its first number; fixed once numbers were taken. */
            from: number;
            /** @description What it is called. Unique. */
            name: string;
            /** @description Its last number. */
            to: number;
        } & {
            [key: string]: unknown;
        };
        Session: {
            csrfToken?: string;
            expiresAt: string;
            refreshExpiresAt?: string;
            refreshToken?: string;
            tenant: number;
            token?: string;
            user: number;
        };
        Setting: {
            default: unknown;
            /** @description What holds there, decided or not. */
            holds?: unknown;
            isSet: boolean;
            key: string;
            /** Format: date-time */
            modifiedAt?: string;
            orgUnit: {
                id?: number;
                path?: string;
            } | null;
            orgUnits?: Record<string, never>[];
            /** @description The ledger position from which it holds. */
            since?: number;
            /** @description What was decided for the tenant or the org unit. */
            value: unknown;
        };
        StockCardLine: {
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            amount: number | string;
            bookedAt?: string | null;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            change: number | string;
            counted?: (number | string) | null;
            currentAmount?: (number | string) | null;
            customer?: number | null;
            description?: string | null;
            /** Format: date-time */
            effectiveAt: string;
            from?: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            id?: number | null;
            kind: string;
            lot?: {
                /** Format: int64 */
                id: number;
                name?: string;
                uid?: string;
            } | null;
            /** Format: int64 */
            position: number;
            product?: {
                /** Format: int64 */
                id: number;
                identifier?: string;
            };
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            quantity: number | string;
            reverses?: number | null;
            run?: string | null;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            runningQuantity: number | string;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            runningValue: number | string;
            supplier?: number | null;
            to?: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            variant?: {
                /** Format: int64 */
                id: number;
                identifier?: string;
            } | null;
            voucher?: {
                /** Format: int64 */
                id: number;
                /** Format: int64 */
                number: number;
            } | null;
        };
        Tag: {
            /** @description `[provider]Path/To/Tag`. */
            path: string;
            /**
             * @default good
             * @enum {string}
             */
            quality: "good" | "uncertain" | "bad";
            time?: string | null;
            value?: boolean | number | string | null;
        };
        Trace: {
            edges?: {
                firstAt?: string;
                from?: {
                    id?: number | null;
                    name?: string;
                    uid?: string;
                };
                /** @description How many runs of other org units are not among the records. */
                hiddenRecords?: number;
                lastAt?: string;
                quantity?: number;
                records?: string[];
                taken?: number;
                takenUnit?: string;
                to?: {
                    id?: number | null;
                    name?: string;
                    uid?: string;
                };
                unit?: string;
            }[];
            nodes?: {
                depth?: number;
                /** @enum {string} */
                direction?: "input" | "output";
                /** @description A lot of another org unit: its place and quantity are told, not its name. */
                hidden?: boolean;
                lot?: {
                    id?: number | null;
                    name?: string;
                    uid?: string;
                };
                product?: {
                    id?: number | null;
                    identifier?: string;
                    name?: string;
                };
                quantity?: number;
                /** @description Nothing is known beyond it. */
                terminal?: boolean;
                unit?: string;
            }[];
            position?: number;
            root?: {
                id?: number | null;
                name?: string;
                uid?: string;
            };
            truncated?: boolean;
        };
        /** @description A unit of measure. Quantities are kept in a product's base unit. */
        Unit: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description What it is called: kilogram. */
            name: string;
            /** @description Free text. */
            notes: string | null;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /** @description How it is written behind a number: kg. Unique. */
            symbol: string;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        /** @description An exact ratio between two units: 1 `from` = `numerator` / `denominator` `to`, read in both directions. One with a product holds for that product and goes before the general one. */
        UnitConversion: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /**
             * @description The ratio's lower number.
             * @default 1
             */
            denominator: number;
            /** @description The unit to convert from. */
            from: string;
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Free text. */
            notes: string | null;
            /** @description The ratio's upper number. */
            numerator: number;
            /** @description The only product it holds for. */
            product: {
                id: number;
                identifier?: string;
            } | null;
            /** @description Free for your own use. */
            spare1: string | null;
            /** @description Free for your own use. */
            spare2: string | null;
            /** @description Free for your own use. */
            spare3: string | null;
            /** @description The unit to convert to. */
            to: string;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        UnitConversionToChange: {
            /**
             * @description The ratio's lower number.
             * @default 1
             */
            denominator: number | null;
            /** @description The unit to convert from. */
            from?: components["schemas"]["Reference"];
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Free text. */
            notes?: string | null;
            /** @description The ratio's upper number. */
            numerator?: number;
            /** @description The only product it holds for. */
            product?: components["schemas"]["Reference"] | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /** @description The unit to convert to. */
            to?: components["schemas"]["Reference"];
        } & {
            [key: string]: unknown;
        };
        UnitConversionToCreate: {
            /**
             * @description The ratio's lower number.
             * @default 1
             */
            denominator: number | null;
            /** @description The unit to convert from. */
            from: components["schemas"]["Reference"];
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description Free text. */
            notes?: string | null;
            /** @description The ratio's upper number. */
            numerator: number;
            /** @description The only product it holds for. */
            product?: components["schemas"]["Reference"] | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /** @description The unit to convert to. */
            to: components["schemas"]["Reference"];
        } & {
            [key: string]: unknown;
        };
        UnitToChange: {
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description What it is called: kilogram. */
            name?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /** @description How it is written behind a number: kg. Unique. */
            symbol?: string;
        } & {
            [key: string]: unknown;
        };
        UnitToCreate: {
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /** @description What it is called: kilogram. */
            name: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description Free for your own use. */
            spare1?: string | null;
            /** @description Free for your own use. */
            spare2?: string | null;
            /** @description Free for your own use. */
            spare3?: string | null;
            /** @description How it is written behind a number: kg. Unique. */
            symbol: string;
        } & {
            [key: string]: unknown;
        };
        User: {
            email?: string | null;
            /** @default true */
            isEnabled: boolean;
            name: string;
            orgUnit?: components["schemas"]["Reference"];
            password?: string | null;
            role?: components["schemas"]["Reference"];
            roles?: {
                orgUnit?: components["schemas"]["Reference"];
                role: components["schemas"]["Reference"];
            }[];
        };
        Value: {
            lot?: {
                /** Format: int64 */
                id: number;
                name?: string;
                uid?: string;
            } | null;
            method?: string;
            orgUnit: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            product: {
                /** Format: int64 */
                id: number;
                identifier: string;
                name?: string;
            };
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            quantity: number | string;
            unit?: string | null;
            unitCost?: (number | string) | null;
            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
            value: number | string;
            variant?: {
                /** Format: int64 */
                id: number;
                identifier?: string;
            } | null;
        };
        /** @description What became known later of what stock is worth. */
        ValueEntry: {
            /** @description What it adds to what the stock of the org unit is worth; negative takes away. */
            amount: number | string;
            counterpart: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            /** Format: date-time */
            effectiveAt: string;
            /** @enum {string} */
            kind: "settlement" | "revaluation" | "landedCost" | "variance";
            lot?: {
                /** Format: int64 */
                id: number;
                name?: string;
                uid?: string;
            } | null;
            orgUnit: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            product: {
                /** Format: int64 */
                id: number;
                identifier: string;
            };
            variant?: number | null;
        };
        /** @description A line of a revaluation or a landed cost. */
        ValueFact: {
            /** @description Of a landed cost: what the movement cost more. */
            amount?: number | string;
            /** Format: date-time */
            at: string;
            /**
             * @description Of a landed cost: by what it was shared out.
             * @enum {string}
             */
            by?: "quantity" | "value";
            /**
             * Format: int64
             * @description The record's: of `/v1/revaluations/{id}` or `/v1/landed-costs/{id}`.
             */
            id: number;
            /** @enum {string} */
            kind: "revaluation" | "landedCost";
            /** Format: int64 */
            line: number;
            lot?: {
                /** Format: int64 */
                id: number;
                name?: string;
                uid?: string;
            } | null;
            /**
             * Format: int64
             * @description Of a landed cost: the movement.
             */
            movement?: number;
            orgUnit: {
                /** Format: int64 */
                id: number;
                path: string;
            };
            product: {
                /** Format: int64 */
                id: number;
                identifier: string;
            };
            /** @description What stood there by what was known, or what the movement brought. */
            quantity: number | string;
            /** @description Of a revaluation: what that is worth from then on. */
            value?: number | string;
            variant?: number | null;
        };
        /** @description A variant of a product, such as a size or a colour, with stock of its own. */
        Variant: {
            /**
             * @description Its barcodes.
             * @default []
             */
            barcodes: string[];
            /** @description The cost of one unit, before the product's. */
            costPrice: components["schemas"]["Decimal"] | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description By whom it was made. */
            createdBy: {
                id?: number;
                name?: string | null;
            };
            /** @description Its number, unique per tenant and kind. */
            id: number;
            /** @description Its number or code, unique within the product. */
            identifier: string;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            modifiedAt: string;
            /** @description By whom it was last changed. */
            modifiedBy: {
                id?: number;
                name?: string | null;
            };
            /**
             * @description What it is called.
             * @default
             */
            name: string;
            /** @description The product. */
            product: {
                id: number;
                identifier?: string;
            };
            /** @description The price of one unit. */
            salesPrice: components["schemas"]["Decimal"] | null;
            /** @description Its ULID, printed 10-8-8. */
            uid: string;
            /** @description How often it was written; for `If-Match`. */
            version: number;
        };
        VariantToChange: {
            /**
             * @description Its barcodes.
             * @default []
             */
            barcodes: string[] | null;
            /** @description The cost of one unit, before the product's. */
            costPrice?: components["schemas"]["DecimalToSend"] | null;
            /** @description Its number or code, unique within the product. */
            identifier?: string;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /**
             * @description What it is called.
             * @default
             */
            name: string | null;
            /** @description The product. */
            product?: components["schemas"]["Reference"];
            /** @description The price of one unit. */
            salesPrice?: components["schemas"]["DecimalToSend"] | null;
        } & {
            [key: string]: unknown;
        };
        VariantToCreate: {
            /**
             * @description Its barcodes.
             * @default []
             */
            barcodes: string[] | null;
            /** @description The cost of one unit, before the product's. */
            costPrice?: components["schemas"]["DecimalToSend"] | null;
            /** @description Its number or code, unique within the product. */
            identifier: string;
            /**
             * @description Whether it may be entered.
             * @default true
             */
            isEnabled: boolean | null;
            /**
             * @description What it is called.
             * @default
             */
            name: string | null;
            /** @description The product. */
            product: components["schemas"]["Reference"];
            /** @description The price of one unit. */
            salesPrice?: components["schemas"]["DecimalToSend"] | null;
        } & {
            [key: string]: unknown;
        };
        Voucher: {
            readonly createdAt?: string;
            readonly createdBy?: number;
            description?: string | null;
            readonly id?: number;
            journal: components["schemas"]["Reference"];
            number?: number | null;
            source?: {
                alternativeNumber?: string;
                /** Format: int64 */
                id?: number;
                identifier?: string;
                type?: string;
            } | null;
            readonly uid?: string;
        };
        Webhook: {
            /** @description When it is made: it is told of the batches after this position; else of those from now on. */
            after?: number;
            /** @description How often the batch after it has failed. */
            readonly attempts?: number;
            readonly createdAt?: string;
            readonly createdBy?: number;
            /** @description How many deliveries were given up. */
            readonly dead?: number;
            description?: string | null;
            readonly id?: number;
            /** @default true */
            isEnabled: boolean;
            /**
             * @description Of which kinds of batches it is told; none = of every kind.
             * @default []
             */
            kinds: ("booking" | "reversal" | "count" | "settlement" | "operation" | "value")[];
            readonly modifiedAt?: string;
            readonly modifiedBy?: number;
            nextAttemptAt?: string | null;
            /** @description Every batch up to here was delivered or given up. */
            readonly position?: number;
            /** @description `whsec_` and the key in base64; told when it is made or renewed, and never again. */
            readonly secret?: string;
            stoppedBecause?: string | null;
            readonly uid?: string;
            /**
             * Format: uri
             * @description http or https; redirects are not followed.
             */
            url: string;
            /** @description With whose eyes it reads: who last changed it. */
            readonly user?: number;
            readonly version?: number;
        };
        WebhookDelivery: {
            attempts?: number;
            batch?: string;
            failure?: string | null;
            firstAttemptAt?: string | null;
            kind?: string;
            lastAttemptAt?: string | null;
            /** @description The header `webhook-id`, the same with every attempt. */
            message?: string;
            nextAttemptAt?: string | null;
            position?: number;
            /** @enum {string} */
            state?: "waiting" | "delivered" | "dead";
            status?: number | null;
        };
        /** @description What a webhook is posted of a batch. */
        WebhookMessage: {
            data: components["schemas"]["Batch"];
            /** Format: date-time */
            timestamp: string;
            /** @description The batch's kind. */
            type: string;
        };
    };
    responses: {
        /** @description Why there is no result. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    callScript: {
        parameters: {
            query?: never;
            header?: {
                /** @description For the whole body: a retry with the same key and body changes nothing anew. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Without one, nobody is answered. */
                    id?: string | number | null;
                    /** @constant */
                    jsonrpc: "2.0";
                    /** @example system.mes.inventory.operation.getInventoryOperation */
                    method: string;
                    /** @description Arguments in order, or by name. */
                    params?: unknown[] | Record<string, never>;
                } | {
                    /** @description Without one, nobody is answered. */
                    id?: string | number | null;
                    /** @constant */
                    jsonrpc: "2.0";
                    /** @example system.mes.inventory.operation.getInventoryOperation */
                    method: string;
                    /** @description Arguments in order, or by name. */
                    params?: unknown[] | Record<string, never>;
                }[];
            };
        };
        responses: {
            /** @description Results and faults. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error?: {
                            code?: number;
                            data?: {
                                /** @example IllegalArgumentException */
                                type?: string;
                                violations?: Record<string, never>;
                            };
                            message?: string;
                        };
                        id?: string | number | null;
                        /** @constant */
                        jsonrpc?: "2.0";
                        result?: unknown;
                    } | {
                        error?: {
                            code?: number;
                            data?: {
                                /** @example IllegalArgumentException */
                                type?: string;
                                violations?: Record<string, never>;
                            };
                            message?: string;
                        };
                        id?: string | number | null;
                        /** @constant */
                        jsonrpc?: "2.0";
                        result?: unknown;
                    }[];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listScriptFunctions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Families of functions with their parameters. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listAdjustments: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description In this org unit or below. */
                orgUnit?: string;
                /** @description Approved ones, or those that wait for it. */
                approved?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Adjustment"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getAdjustment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The adjustment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adjustment"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    approveAdjustment: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description The adjustment. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adjustment"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description By this user. */
                user?: string;
                /** @description At this time or later; a day is its start. */
                from?: string;
                /** @description At this time or before; a day is all of it. */
                to?: string;
                /** @description What was done, to what, or more about it contains this. */
                search?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listAvailability: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description Of this variant. */
                variant?: string;
                /** @description Of this lot or instance. */
                lot?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description At this org unit or below. */
                orgUnit?: string;
                /** @description As of this time; now when left out. */
                asOf?: string;
                /** @description As the ledger stood at this position. */
                asKnownAt?: number;
                /** @description Also what is 0. */
                withZero?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Availability"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readPromise: {
        parameters: {
            query?: {
                /** @description Of this product; it has to be named. */
                product?: string;
                /** @description Of this variant. */
                variant?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description At this org unit or below. */
                orgUnit?: string;
                /** @description Tell from when on so much can be promised (`promisableAt`). */
                quantity?: number | string;
                /** @description The form; else what `Accept` says. CSV and workbooks hold the whole table. */
                format?: "json" | "csv" | "xlsx";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A record for each variant. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Promise"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listBalances: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description Of this variant. */
                variant?: string;
                /** @description Of this lot or instance. */
                lot?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description At this org unit or below. */
                orgUnit?: string;
                /** @description As of this time; now when left out. */
                asOf?: string;
                /** @description As the ledger stood at this position. */
                asKnownAt?: number;
                /** @description Also what is 0. */
                withZero?: boolean;
                /** @description Also the places outside the house, so that each product adds up to 0. */
                outside?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Balance"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listBookings: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this journal. */
                journal?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Booking"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    requestBooking: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Only products in these categories or below. */
                    categories?: components["schemas"]["Reference"][] | null;
                    journal: components["schemas"]["Reference"];
                    /** @description Only at these locations or below. */
                    locations?: components["schemas"]["Reference"][] | null;
                    /** @description Only of these org units or below. */
                    orgUnits?: components["schemas"]["Reference"][] | null;
                };
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            /** @description The booking. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getBooking: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                booking: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The booking. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listCategories: {
        parameters: {
            query?: {
                /** @description Only those with this value. Its name, unique below its parent; without `/`. */
                name?: string;
                /** @description Only those with this value. The category above it. */
                parent?: string;
                /** @description Only those with this value. Names from the top down, joined by `/`. */
                path?: string;
                /** @description Only those with this value. Whether it may be entered. */
                isEnabled?: boolean;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Category"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createCategories: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CategoryToCreate"] | components["schemas"]["CategoryToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"] | {
                        items: components["schemas"]["Category"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"] | {
                        items: components["schemas"]["Category"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getCategory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteCategory: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeCategory: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CategoryToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listCostings: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Costing"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createCosting: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Costing"];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Costing"];
                };
            };
            /** @description What was said. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Costing"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    planCounts: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description Days from one count to the next of class A. */
                a?: number;
                /** @description Of class B. */
                b?: number;
                /** @description Of class C. */
                c?: number;
                /** @description Days of use that decide the class. */
                days?: number;
                /** @description Only what is due now. */
                due?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CountPlanned"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listCountSheets: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description open, posted or cancelled. */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CountSheet"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    makeCountSheet: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CountSheet"];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountSheet"];
                };
            };
            /** @description The sheet. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountSheet"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getCountSheet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id or ULID. */
                sheet: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sheet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountSheet"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    cancelCountSheet: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                sheet: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sheet. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountSheet"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    enterCounts: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                sheet: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description When it was counted; now when left out.
                     */
                    at?: string;
                    /** @description Of a serial-tracked product: every instance found there. */
                    instances?: components["schemas"]["Reference"][];
                    /** @description A line of the sheet; or say what it is: */
                    line?: number;
                    location?: components["schemas"]["Reference"];
                    lot?: components["schemas"]["Reference"];
                    product?: components["schemas"]["Reference"];
                    quantity?: components["schemas"]["DecimalToSend"];
                    variant?: components["schemas"]["Reference"];
                } | {
                    /**
                     * Format: date-time
                     * @description When it was counted; now when left out.
                     */
                    at?: string;
                    /** @description Of a serial-tracked product: every instance found there. */
                    instances?: components["schemas"]["Reference"][];
                    /** @description A line of the sheet; or say what it is: */
                    line?: number;
                    location?: components["schemas"]["Reference"];
                    lot?: components["schemas"]["Reference"];
                    product?: components["schemas"]["Reference"];
                    quantity?: components["schemas"]["DecimalToSend"];
                    variant?: components["schemas"]["Reference"];
                }[];
            };
        };
        responses: {
            /** @description How many were entered and are left. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entered?: number;
                        left?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listCountLines: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description toCount, counted or toRecount. */
                state?: string;
            };
            header?: never;
            path: {
                /** @description Its id or ULID. */
                sheet: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CountLine"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postCountSheet: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                sheet: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What becomes of lines that nobody has counted; left out, they are refused.
                     * @enum {string}
                     */
                    uncounted?: "skip" | "zero";
                };
            };
        };
        responses: {
            /** @description The counts. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        batch?: number;
                        counts?: components["schemas"]["Count"][];
                        differences?: number;
                        id?: number;
                        position?: number;
                        state?: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    askRecount: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                sheet: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lines. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        lines?: number[];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listCounts: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description Of this lot or instance. */
                lot?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description Of this batch: what was counted together. */
                batch?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Count"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    count: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Count"] | components["schemas"]["Count"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Count"];
                };
            };
            /** @description The count; `items` where a list was sent, or where instances make several. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Count"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listDrafts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every journal, with the booking that is running. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Draft"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getDraft: {
        parameters: {
            query?: {
                /** @description Of this voucher. */
                voucher?: string;
                /** @description Of this product. */
                product?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description With this in the description. */
                description?: string;
            };
            header?: never;
            path: {
                /** @description Its id, ULID or name. */
                journal: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Figures over all that match. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftFigures"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listEntries: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this journal. */
                journal?: string;
                /** @description Of this voucher. */
                voucher?: string;
                /** @description Of this product. */
                product?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description With this in the description. */
                description?: string;
                /** @description With ids from the first to the last: `17-42`. */
                ids?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Entry"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createEntries: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Entry"] | components["schemas"]["Entry"][] | {
                    entries: components["schemas"]["Entry"][];
                    voucher: components["schemas"]["Reference"];
                };
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        booking?: components["schemas"]["BookingOutcome"] | null;
                        items: {
                            /** Format: int64 */
                            id: number;
                            /** Format: int64 */
                            index: number;
                        }[];
                    };
                };
            };
            /** @description Their ids, in the order sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        booking?: components["schemas"]["BookingOutcome"] | null;
                        items: {
                            /** Format: int64 */
                            id: number;
                            /** Format: int64 */
                            index: number;
                        }[];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                entry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entry. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    replaceEntry: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                entry: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Entry"];
            };
        };
        responses: {
            /** @description Its new id. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: int64 */
                        id: number;
                        /** Format: int64 */
                        replaced: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    removeEntry: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                entry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    evaluateExpression: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    expression: string;
                    /** @description Values to try instead of what tags hold. */
                    tags?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Its value, quality, and what it saw. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        fault?: {
                            at?: number;
                            expected?: string;
                            found?: string;
                        };
                        message?: string | null;
                        quality?: string;
                        tags?: Record<string, never>;
                        value?: unknown;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readFeed: {
        parameters: {
            query?: {
                /** @description The position of the last batch that was read. */
                after?: number;
                /** @description At most so many batches; fewer where they are large. */
                limit?: number;
                /** @description Wait so many seconds, at most 60, for a batch where there is none. */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Batches. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Batch"][];
                        /** Format: int64 */
                        next: number;
                        /** Format: int64 */
                        position?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readGlPostings: {
        parameters: {
            query?: {
                /** @description The number of the last document that was read. */
                after?: number;
                /** @description At most so many documents. */
                limit?: number;
                /** @description The form; CSV and workbooks hold a line each. */
                format?: "json" | "csv" | "xlsx";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Documents. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["GlDocument"][];
                        /** Format: int64 */
                        next: number;
                        /** Format: int64 */
                        position?: number;
                        /** Format: int64 */
                        postedTo: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readGlLines: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this account; together with orgUnit. */
                account?: string;
                /** @description Of this org unit; together with account. */
                orgUnit?: string;
            };
            header?: never;
            path: {
                /** @description The document's number. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["GlLine"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listGlRules: {
        parameters: {
            query?: {
                /** @description Only those with this value. What it is called. Unique. */
                name?: string;
                /** @description Only those with this value. The products; any if left out. */
                category?: string;
                /** @description Only those with this value. What is posted. */
                kind?: "stock" | "inTransit" | "transfer" | "supplier" | "customer" | "production" | "adjustment" | "loss" | "internalUse" | "revaluation" | "landedCost" | "variance";
                /** @description Only those with this value. The account, as the general ledger names it. */
                account?: string;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["GlRule"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createGlRules: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GlRuleToCreate"] | components["schemas"]["GlRuleToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GlRule"] | {
                        items: components["schemas"]["GlRule"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GlRule"] | {
                        items: components["schemas"]["GlRule"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getGlRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GlRule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteGlRule: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeGlRule: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GlRuleToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GlRule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listInstances: {
        parameters: {
            query?: {
                /** @description Only those with this value. The product, tracked by serial number. */
                product?: string;
                /** @description Only those with this value. The variant. */
                variant?: string;
                /** @description Only those with this value. The serial number, unique within the product. */
                identifier?: string;
                /** @description Only those with this value. Where it is in its life. */
                status?: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED";
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Instance"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createInstances: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceToCreate"] | components["schemas"]["InstanceToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"] | {
                        items: components["schemas"]["Instance"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"] | {
                        items: components["schemas"]["Instance"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteInstance: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeInstance: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getIntegrity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last run, and the one that is under way. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        isScrubbing?: boolean;
                        lastRun?: {
                            batches?: number;
                            checks?: {
                                checked?: number;
                                differences?: number;
                                /** @example I7 */
                                invariant?: string;
                                named?: {
                                    thing?: string;
                                    what?: string;
                                }[];
                                notes?: string[];
                                statement?: string;
                                unit?: string;
                            }[];
                            differences?: number;
                            finishedAt?: string;
                            isSound?: boolean;
                            movements?: number;
                            position?: number;
                            startedAt?: string;
                        } | null;
                        /** @description The ledger's end now. */
                        position?: number;
                        rowsPerSecond?: number | null;
                        running?: {
                            rows?: {
                                done?: number;
                                total?: number;
                            };
                            startedAt?: string;
                        } | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listJournals: {
        parameters: {
            query?: {
                /** @description Only those with this value. What it is called. Unique. */
                name?: string;
                /** @description Only those with this value. What its entries do; fixed once it has vouchers. */
                kind?: "Settlement" | "InternalTransfer" | "InternalUse" | "Shrinkage" | "Delivery" | "Complaint";
                /** @description Only those with this value. Whether entries are booked as they come. */
                isAutoBook?: boolean;
                /** @description Only those with this value. Whether it is there for administrators only. */
                isHidden?: boolean;
                /** @description Only those with this value. The org unit it belongs to. */
                orgUnit?: string;
                /** @description Only those with this value. The location its entries are usually for. */
                location?: string;
                /** @description Only those with this value. Where its voucher numbers come from; the tenant's own range if none is named. */
                series?: string;
                /** @description Only those with this value. Whether its bookings are for the general ledger. */
                createFinanceEntries?: boolean;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Journal"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createJournals: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JournalToCreate"] | components["schemas"]["JournalToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Journal"] | {
                        items: components["schemas"]["Journal"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Journal"] | {
                        items: components["schemas"]["Journal"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    clearJournal: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id, ULID or name. */
                journal: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many went. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: int64 */
                        removed: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getJournal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Journal"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteJournal: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeJournal: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JournalToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Journal"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listLandedCosts: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description In this org unit or below. */
                orgUnit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LandedCost"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createLandedCost: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LandedCost"];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LandedCost"];
                };
            };
            /** @description The record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LandedCost"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getLandedCost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LandedCost"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ledgerState: {
        parameters: {
            query?: {
                /** @description Links after this position are looked at, up to 10,000; without it, the last 1,000. */
                from?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its end, and what was looked at. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The first position whose link does not hold. */
                        brokenAt: number | null;
                        checkedFrom: number;
                        checkedTo: number;
                        /** @description Of everything up to `position`, in hexadecimal. */
                        hash: string;
                        isIntact: boolean;
                        position: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listLocations: {
        parameters: {
            query?: {
                /** @description Only those with this value. Its name, unique below its parent; without `/`. */
                name?: string;
                /** @description Only those with this value. What it is part of. */
                parent?: string;
                /** @description Only those with this value. Names below the root, joined by `/`. */
                path?: string;
                /** @description Only those with this value. What kind of place it is; places outside the house read as `outside`. */
                type?: "enterprise" | "company" | "site" | "area" | "line" | "cellGroup" | "cell" | "unit" | "orgUnit" | "shelf";
                /** @description Only those with this value. Whether it accounts for stock; yes for the type `orgUnit` if nothing is sent. */
                isOrgUnit?: boolean;
                /** @description Only those with this value. Whether its org unit keeps stock here where an entry names no location. */
                isDefault?: boolean;
                /** @description Only those with this value. The org unit whose stock this org unit uses; see the setting `stockOrgUnit`. */
                stockOrgUnit?: string;
                /** @description Only those with this value. What is done there. */
                processType?: "STORAGE" | "CONTINUOUS" | "BATCH" | "DISCRETE" | "NONE";
                /** @description Only those with this value. What happens to a lot that arrives where another one is. */
                lotStorageStrategy?: "ALLOW_MULTIPLE" | "ALLOW_SINGLE_OR_THROW" | "MERGE_INTO_PREVIOUS" | "MERGE_INTO_NEW" | "NO_STORAGE";
                /** @description Only those with this value. Which lot an issue takes that names none. */
                lotUseStrategy?: "FIFO" | "LIFO" | "FEFO";
                /** @description Only those with this value. What the capacity is counted in, and what is entered here without a unit. */
                capacityUnit?: string;
                /** @description Only those with this value. Whether stock may go below zero here; nothing = as the place above or the setting says. */
                allowNegative?: boolean;
                /** @description Only those with this value. Whether it may be entered. */
                isEnabled?: boolean;
                /** @description Only those with this value. Its place among its neighbours. */
                sortOrder?: number;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description Also places outside the house. */
                outside?: boolean;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Location"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createLocations: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LocationToCreate"] | components["schemas"]["LocationToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Location"] | {
                        items: components["schemas"]["Location"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Location"] | {
                        items: components["schemas"]["Location"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getLocation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Location"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteLocation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeLocation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LocationToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Location"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whether the token goes into a cookie that pages cannot read. */
                    cookie?: boolean;
                    password: string;
                    tenant?: string;
                    user: string;
                };
            };
        };
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    refreshLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    refreshToken: string;
                };
            };
        };
        responses: {
            /** @description The next token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listLots: {
        parameters: {
            query?: {
                /** @description Only those with this value. The product, tracked by lot. */
                product?: string;
                /** @description Only those with this value. The variant. */
                variant?: string;
                /** @description Only those with this value. Its name, unique within the product. */
                name?: string;
                /** @description Only those with this value. Where it is in its life. */
                status?: "OPEN" | "AVAILABLE" | "QA_HOLD" | "EXPIRED" | "SHIPPED" | "CLOSED";
                /** @description Only those with this value. Who it came from. */
                supplier?: string;
                /** @description Only those with this value. Whether it may be entered. */
                isEnabled?: boolean;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Lot"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createLots: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LotToCreate"] | components["schemas"]["LotToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lot"] | {
                        items: components["schemas"]["Lot"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lot"] | {
                        items: components["schemas"]["Lot"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    recallLot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id, ULID or product/name. */
                lot: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recall. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recall"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    traceLot: {
        parameters: {
            query?: {
                /** @description `output` (what became of it), `input` (what it was made of) or `both`. */
                direction?: string;
                /** @description So many hops; 1, if left out. */
                depth?: number;
                /** @description Leaves out what happened later. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description Its id, ULID or product/name. */
                lot: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lots found, and what went from which into which. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trace"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getLot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lot"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteLot: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeLot: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LotToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lot"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current: string;
                    new: string;
                };
            };
        };
        responses: {
            /** @description It is set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listMovements: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description Of this variant. */
                variant?: string;
                /** @description Of this lot or instance. */
                lot?: string;
                /** @description The same as `lot`. */
                instance?: string;
                /** @description From or to this location or below. */
                location?: string;
                /** @description By this org unit or below. */
                orgUnit?: string;
                /** @description Of the voucher with this number. */
                voucher?: number;
                /** @description The same as `voucher`. */
                voucherNumber?: number;
                /** @description Of this batch. */
                batch?: number;
                /** @description Under the document with this number. */
                externalReference?: number;
                /** @description Of this customer. */
                customer?: string;
                /** @description Of this supplier. */
                supplier?: string;
                /** @description With this in the description. */
                description?: string;
                /** @description Effective from this time on. */
                from?: string;
                /** @description Effective up to this time. */
                to?: string;
                /** @description The same as `to`. */
                asOf?: string;
                /** @description As the ledger stood at this position. */
                asKnownAt?: number;
                /** @description In which order the ledger learned them: oldest first when left out. */
                order?: "oldest" | "newest";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Movement"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getMovement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                movement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The movement. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Movement"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getMqtt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it goes, as the server that answers sees it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Mqtt"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listOperationStates: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description That take from or bring to this location or below. */
                location?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OperationState"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listOperations: {
        parameters: {
            query?: {
                /** @description Only those with this value. What it is called. */
                name?: string;
                /** @description Only those with this value. What it is part of: its runs keep the record and the order that are current then, and with the trigger PARENT it starts and stops with it. */
                process?: string;
                /** @description Only those with this value. What it does. */
                operationType?: "CONSUME" | "UNCONSUME" | "PRODUCE" | "SCRAP" | "SCRAP_ALL" | "RETURN" | "RECEIVE" | "RECEIVE_AND_CONSUME" | "SHIP";
                /** @description Only those with this value. What starts and stops it, beside people and scripts. */
                triggerSource?: "EXPRESSION" | "MANUAL" | "PARENT";
                /** @description Only those with this value. Which change of the expression starts it. */
                startTriggerType?: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE";
                /** @description Only those with this value. Which change of the expression stops it. */
                stopTriggerType?: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE";
                /** @description Only those with this value. Where it takes from. */
                sourceLocation?: string;
                /** @description Only those with this value. Where it brings to. */
                destinationLocation?: string;
                /** @description Only those with this value. What says which product it is about. */
                materialSource?: "STATIC" | "EXPRESSION" | "MANUAL" | "PARENT";
                /** @description Only those with this value. The product. */
                material?: string;
                /** @description Only those with this value. The product on the other side. */
                secondaryMaterial?: string;
                /** @description Only those with this value. Which lot it is about. */
                primaryLotResolutionStrategy?: "AUTO_GENERATE" | "EXPRESSION" | "MANUAL" | "FROM_LOCATION";
                /** @description Only those with this value. Which lot is on the other side. */
                secondaryLotResolutionStrategy?: "AUTO_GENERATE" | "EXPRESSION" | "MANUAL" | "FROM_LOCATION";
                /** @description Only those with this value. Whether lots that do not exist are made. */
                createLotIfNotFound?: boolean;
                /** @description Only those with this value. What the row of stock is called by. */
                inventoryNameResolutionStrategy?: "STATIC" | "EXPRESSION" | "MANUAL" | "AUTO_GENERATE";
                /** @description Only those with this value. What says how much. */
                quantitySource?: "EXPRESSION" | "MANUAL";
                /** @description Only those with this value. Whether a counter that rises while it runs, or the value at its end. */
                quantityCalcType?: "DELTA" | "DIRECT";
                /** @description Only those with this value. What the quantity is counted in. */
                unitOfMeasure?: string;
                /** @description Only those with this value. Whether that unit, or the product's base unit. */
                unitOfMeasureResolutionStrategy?: "STATIC" | "FROM_CONTEXT";
                /** @description Only those with this value. Why. */
                reasonCode?: string;
                /** @description Only those with this value. Whether what it produces counts for the production order. */
                incrementProductionOrderCount?: boolean;
                /** @description Only those with this value. Whether it may be started. */
                isEnabled?: boolean;
                /** @description Only those with this value. The open run; 0 = none. */
                currentRun?: number;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Operation"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createOperations: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationToCreate"] | components["schemas"]["OperationToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"] | {
                        items: components["schemas"]["Operation"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"] | {
                        items: components["schemas"]["Operation"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteOperation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeOperation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    cancelOperation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationSaid"];
            };
        };
        responses: {
            /** @description Its new status, and the run. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    executeOperation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationSaid"];
            };
        };
        responses: {
            /** @description Its new status, and the run. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    operationReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Problems, which keep it from being started, and warnings, which do not; by field. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        problems?: {
                            [key: string]: string[];
                        };
                        ready?: boolean;
                        warnings?: {
                            [key: string]: string[];
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    startOperation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationSaid"];
            };
        };
        responses: {
            /** @description Its new status, and the run. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    stopOperation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationSaid"];
            };
        };
        responses: {
            /** @description Its new status, and the run. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listParties: {
        parameters: {
            query?: {
                /** @description Only those with this value. Its number or code. Unique. */
                code?: string;
                /** @description Only those with this value. What it is called. */
                name?: string;
                /** @description Only those with this value. What it is to us; both if nothing is sent. */
                roles?: "customer" | "supplier";
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Party"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createParties: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartyToCreate"] | components["schemas"]["PartyToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Party"] | {
                        items: components["schemas"]["Party"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Party"] | {
                        items: components["schemas"]["Party"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getParty: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Party"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteParty: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeParty: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartyToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Party"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listPeriods: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of closings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Period"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    closePeriod: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The last closed day or instant.
                     * @example 2026-12-31
                     */
                    closedUntil: string | null;
                    orgUnit?: components["schemas"]["Reference"];
                };
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Period"];
                };
            };
            /** @description The closing. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Period"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listPermissions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        families: string[];
                        items: {
                            name: string;
                        }[];
                        nextCursor?: null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listProcessRecords: {
        parameters: {
            query?: {
                /** @description Of this process. */
                process?: string;
                /** @description For this production order. */
                order?: string;
                /** @description RUNNING or COMPLETED. */
                status?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ProcessRecord"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listProcesses: {
        parameters: {
            query?: {
                /** @description Only those with this value. What it is called. Unique. */
                name?: string;
                /** @description Only those with this value. Where it happens. */
                location?: string;
                /** @description Only those with this value. What starts and stops it, beside people and scripts. */
                triggerSource?: "EXPRESSION" | "MANUAL";
                /** @description Only those with this value. Which change starts it. */
                startTriggerType?: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE";
                /** @description Only those with this value. Which change stops it. */
                stopTriggerType?: "RISING_EDGE" | "FALLING_EDGE" | "CHANGE";
                /** @description Only those with this value. What a start does while it runs: end that record first, or be refused. */
                runningConflictStrategy?: "STOP_PREVIOUS" | "THROW_EXCEPTION";
                /** @description Only those with this value. Which order a start that names none is for: that of the expression, the next that is scheduled at its location, or else the one that was set. */
                productionOrderResolutionStrategy?: "NONE" | "MANUAL" | "EXPRESSION" | "SCHEDULE";
                /** @description Only those with this value. Kept for the script API; the expression is read at the start. */
                productionOrderUpdateStrategy?: "KEEP_FIRST_GOOD_VALUE" | "KEEP_LAST_GOOD_VALUE" | "THROW_ERROR" | "NEW_RECORD";
                /** @description Only those with this value. Whether a start changes the order's status. */
                updateProductionOrderStatusOnStart?: boolean;
                /** @description Only those with this value. To what. */
                startProductionOrderStatus?: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED";
                /** @description Only those with this value. Whether a stop changes the order's status. */
                updateProductionOrderStatusOnStop?: boolean;
                /** @description Only those with this value. To what. */
                stopProductionOrderStatus?: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED";
                /** @description Only those with this value. Kept for schedules elsewhere. */
                autoAddToSchedule?: boolean;
                /** @description Only those with this value. What says how long it takes. */
                expectedDurationCalculationStrategy?: "STATIC" | "EXPRESSION" | "FROM_PRODUCTION_ORDER";
                /** @description Only those with this value. How long it takes. */
                expectedDurationSeconds?: number;
                /** @description Only those with this value. Whether it may be started. */
                isEnabled?: boolean;
                /** @description Only those with this value. The open record; 0 = none. */
                currentRecord?: number;
                /** @description Only those with this value. The order it is for. */
                currentOrder?: string;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Process"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createProcesses: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProcessToCreate"] | components["schemas"]["ProcessToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Process"] | {
                        items: components["schemas"]["Process"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Process"] | {
                        items: components["schemas"]["Process"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getProcess: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Process"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteProcess: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeProcess: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProcessToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Process"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    setProcessOrder: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    order?: components["schemas"]["Reference"] | null;
                };
            };
        };
        responses: {
            /** @description Its new status, and the record. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProcessOperated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    startProcess: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    at?: string | null;
                    order?: components["schemas"]["Reference"] | null;
                };
            };
        };
        responses: {
            /** @description Its new status, and the record. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProcessOperated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    stopProcess: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    at?: string | null;
                };
            };
        };
        responses: {
            /** @description Its new status, and the record. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProcessOperated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listProductionOrders: {
        parameters: {
            query?: {
                /** @description Only those with this value. Its number or name. Unique. */
                name?: string;
                /** @description Only those with this value. What is to be made. */
                product?: string;
                /** @description Only those with this value. Who ordered it. */
                customer?: string;
                /** @description Only those with this value. Where it is to be made. */
                location?: string;
                /** @description Only those with this value. Where it is in its life. */
                status?: "IDLE" | "SCHEDULED" | "RUNNING" | "PAUSED" | "STOPPED" | "CLOSED" | "CANCELLED";
                /** @description Only those with this value. How urgent it is. */
                schedulePriority?: "LOW" | "NORMAL" | "HIGH" | "URGENT";
                /** @description Only those with this value. What the quantities are counted in; the product's base unit if none is named. */
                unitOfMeasure?: string;
                /** @description Only those with this value. Whether it may be worked on. */
                isEnabled?: boolean;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ProductionOrder"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createProductionOrders: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductionOrderToCreate"] | components["schemas"]["ProductionOrderToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductionOrder"] | {
                        items: components["schemas"]["ProductionOrder"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductionOrder"] | {
                        items: components["schemas"]["ProductionOrder"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getProductionOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductionOrder"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteProductionOrder: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeProductionOrder: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductionOrderToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductionOrder"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listProducts: {
        parameters: {
            query?: {
                /** @description Only those with this value. Its number or code: 85123A. Unique, whatever the case of its letters. */
                identifier?: string;
                /** @description Only those with this value. What it is called. */
                name?: string;
                /** @description Only those with this value. Where it belongs. */
                category?: string;
                /** @description Only those with this value. Its base unit, pieces if none is named; fixed after the first movement. */
                unit?: string;
                /** @description Only those with this value. How pieces or batches are told apart; fixed after the first movement. */
                tracking?: "none" | "lot" | "serial";
                /** @description Only those with this value. How the cost of an issue is found. */
                costing?: "average" | "fifo" | "standard" | "specific";
                /** @description Only those with this value. Whether each entry has to name a variant. */
                hasVariants?: boolean;
                /** @description Only those with this value. Whether it may be entered. */
                isEnabled?: boolean;
                /** @description Only those with this value. What another system calls it. */
                erpId?: string;
                /** @description Only those with this value. So many days after it was made a new lot expires. */
                shelfLifeDays?: number;
                /** @description Only those with this value. A pattern for printing its quantities. */
                quantityFormat?: string;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Product"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createProducts: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductToCreate"] | components["schemas"]["ProductToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"] | {
                        items: components["schemas"]["Product"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"] | {
                        items: components["schemas"]["Product"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getProduct: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteProduct: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeProduct: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listReasonCodes: {
        parameters: {
            query?: {
                /** @description Only those with this value. What it is called. Unique. */
                name?: string;
                /** @description Only those with this value. Whether it may be entered. */
                isEnabled?: boolean;
                /** @description Only those with this value. The only kind of lot record that it is for. */
                recordType?: "CONSUME" | "UNCONSUME" | "PRODUCE" | "MOVE" | "SPLIT" | "MERGE" | "SCRAP" | "RETURN" | "STATUS_CHANGE" | "EDIT" | "RECEIVE" | "SHIP";
                /** @description Only those with this value. Whether a record with it needs notes. */
                requiresComment?: boolean;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ReasonCode"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createReasonCodes: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonCodeToCreate"] | components["schemas"]["ReasonCodeToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReasonCode"] | {
                        items: components["schemas"]["ReasonCode"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReasonCode"] | {
                        items: components["schemas"]["ReasonCode"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getReasonCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReasonCode"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteReasonCode: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeReasonCode: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonCodeToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReasonCode"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listReports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ReportName"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readReport: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description Of products in this category or below. */
                category?: string;
                /** @description Of this lot or instance; not for every report. */
                lot?: string;
                /** @description At this location or below; not for every report. */
                location?: string;
                /** @description At this org unit or below. */
                orgUnit?: string;
                /** @description As of this time; now when left out. */
                asOf?: string;
                /** @description As the ledger stood at this position. */
                asKnownAt?: number;
                /** @description turnover, abc: when the period begins; a year before its end if left out. */
                from?: string;
                /** @description ageing, dead-stock: by stock org unit or by location. */
                by?: "orgUnit" | "location";
                /** @description ageing: where buckets end, 30,60,90,180,365 if left out. dead-stock: idle for so long, 180. expiry: expiring within so long, 30. */
                days?: string;
                /** @description abc: A is what makes up so many percent, 80. */
                a?: number;
                /** @description abc: A and B make up so many percent, 95. */
                b?: number;
                /** @description The form; else what `Accept` says. CSV and workbooks hold the whole table. */
                format?: "json" | "csv" | "xlsx";
            };
            header?: never;
            path: {
                /** @description Which. */
                name: "stock" | "valuation" | "ageing" | "turnover" | "abc" | "dead-stock" | "expiry";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        nextCursor: string | null;
                        /** Format: int64 */
                        position: number;
                        /** Format: int64 */
                        settledTo?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listReservations: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description Of this variant. */
                variant?: string;
                /** @description Of this lot or instance. */
                lot?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description At this org unit or below. */
                orgUnit?: string;
                /** @description Shared out together with this one. */
                allocation?: string;
                /** @description In this state. */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Reservation"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    reserve: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reservation"] | components["schemas"]["Reservation"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            /** @description The reservation, or `items` where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id or ULID. */
                reservation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    confirmReservation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                reservation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    releaseReservation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                reservation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listRevaluations: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description In this org unit or below. */
                orgUnit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Revaluation"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createRevaluation: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Revaluation"];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revaluation"];
                };
            };
            /** @description The record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revaluation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getRevaluation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revaluation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    reverse: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    at?: string | null;
                    /** Format: int64 */
                    booking?: number;
                    /** Format: int64 */
                    count?: number;
                    /** Format: int64 */
                    countBatch?: number;
                    /** Format: int64 */
                    landedCost?: number;
                    lines?: number[];
                    /** Format: int64 */
                    movement?: number;
                    reason: string;
                    /** @description Of a booking, a run or a batch of counts: passes over what of it was undone already. */
                    rest?: boolean;
                    /** Format: int64 */
                    revaluation?: number;
                    run?: components["schemas"]["Reference"];
                };
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: int64 */
                        batch: number;
                        counts?: number[];
                        /** @description What stands where, of the stock that is concerned: before, and then. */
                        effects: {
                            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                            after: number | string;
                            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                            before: number | string;
                            location: {
                                /** Format: int64 */
                                id: number;
                                path: string;
                            };
                            lot?: {
                                /** Format: int64 */
                                id: number;
                                name?: string;
                                uid?: string;
                            } | null;
                            product: {
                                /** Format: int64 */
                                id: number;
                                identifier: string;
                                name?: string;
                            };
                            unit?: string | null;
                            variant?: {
                                /** Format: int64 */
                                id: number;
                                identifier?: string;
                            } | null;
                        }[];
                        movements: number[];
                        /** Format: int64 */
                        position: number;
                    };
                };
            };
            /** @description The batch that undoes. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: int64 */
                        batch: number;
                        counts?: number[];
                        /** @description What stands where, of the stock that is concerned: before, and then. */
                        effects: {
                            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                            after: number | string;
                            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                            before: number | string;
                            location: {
                                /** Format: int64 */
                                id: number;
                                path: string;
                            };
                            lot?: {
                                /** Format: int64 */
                                id: number;
                                name?: string;
                                uid?: string;
                            } | null;
                            product: {
                                /** Format: int64 */
                                id: number;
                                identifier: string;
                                name?: string;
                            };
                            unit?: string | null;
                            variant?: {
                                /** Format: int64 */
                                id: number;
                                identifier?: string;
                            } | null;
                        }[];
                        movements: number[];
                        /** Format: int64 */
                        position: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listRoles: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Role"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createRoles: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Role"] | components["schemas"]["Role"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description What was made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteRole: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeRole: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Role"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this lot, first or second. */
                lot?: string;
                /** @description From or to this location or below. */
                location?: string;
                /** @description Of this operation. */
                operation?: string;
                /** @description Of this process. */
                process?: string;
                /** @description For this production order. */
                productionOrder?: string;
                /** @description Of this kind. */
                kind?: string;
                /** @description In this status. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Run"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    execute: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Run"] | components["schemas"]["Run"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The run, or `items` where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id or ULID. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listSeries: {
        parameters: {
            query?: {
                /** @description Only those with this value. What it is called. Unique. */
                name?: string;
                /** @description Only those with this value. Its first number; fixed once numbers were taken. */
                from?: number;
                /** @description Only those with this value. Its last number. */
                to?: number;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Series"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createSeries: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeriesToCreate"] | components["schemas"]["SeriesToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"] | {
                        items: components["schemas"]["Series"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"] | {
                        items: components["schemas"]["Series"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getSeries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteSeries: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeSeries: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeriesToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant's settings, then the words of org units. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Setting"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getSetting: {
        parameters: {
            query?: {
                /** @description What holds at this org unit. */
                orgUnit?: string;
            };
            header?: never;
            path: {
                /** @description Its key. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The setting, and the words of org units. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeSetting: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its key. */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    orgUnit?: components["schemas"]["Reference"];
                    /** @description What is to hold; null = the default. */
                    value: unknown;
                };
            };
        };
        responses: {
            /** @description The setting as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readStockCard: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product; it has to be named. */
                product?: string;
                /** @description Of this variant. */
                variant?: string;
                /** @description Of this lot or instance. */
                lot?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description At this org unit or below. */
                orgUnit?: string;
                /** @description Effective from this time on. */
                from?: string;
                /** @description Effective up to this time. */
                to?: string;
                /** @description The same as `to`: the card as it ended then. */
                asOf?: string;
                /** @description As the ledger stood at this position. */
                asKnownAt?: number;
                /** @description The form; else what `Accept` says. CSV and workbooks hold the whole table. */
                format?: "json" | "csv" | "xlsx";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        closing?: {
                            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                            quantity: number | string;
                            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                            value: number | string;
                        };
                        items: components["schemas"]["StockCardLine"][];
                        nextCursor: string | null;
                        opening?: {
                            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                            quantity: number | string;
                            /** @description An exact decimal, up to 12 digits before and 6 after the point. */
                            value: number | string;
                        };
                        /** Format: int64 */
                        position?: number;
                        /** Format: int64 */
                        settledTo?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listTags: {
        parameters: {
            query?: {
                /** @description Only those whose path contains this. */
                search?: string;
                /** @description Only those whose path comes after this; `nextAfter` of the page before. */
                after?: string;
                /** @description At most so many. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items?: components["schemas"]["Tag"][];
                        nextAfter?: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    setTags: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Tag"][];
            };
        };
        responses: {
            /** @description How many samples counted. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accepted?: number;
                        ignored?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description Of this user, for whoever may change users; all. */
                user?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createToken: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKey"];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description The key with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    revokeToken: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listUnitConversions: {
        parameters: {
            query?: {
                /** @description Only those with this value. The unit to convert from. */
                from?: string;
                /** @description Only those with this value. The unit to convert to. */
                to?: string;
                /** @description Only those with this value. The ratio's upper number. */
                numerator?: number;
                /** @description Only those with this value. The ratio's lower number. */
                denominator?: number;
                /** @description Only those with this value. The only product it holds for. */
                product?: string;
                /** @description Only those with this value. Whether it may be entered. */
                isEnabled?: boolean;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["UnitConversion"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createUnitConversions: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnitConversionToCreate"] | components["schemas"]["UnitConversionToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitConversion"] | {
                        items: components["schemas"]["UnitConversion"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitConversion"] | {
                        items: components["schemas"]["UnitConversion"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getUnitConversion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitConversion"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteUnitConversion: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeUnitConversion: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnitConversionToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitConversion"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listUnits: {
        parameters: {
            query?: {
                /** @description Only those with this value. What it is called: kilogram. */
                name?: string;
                /** @description Only those with this value. How it is written behind a number: kg. Unique. */
                symbol?: string;
                /** @description Only those with this value. Whether it may be entered. */
                isEnabled?: boolean;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Unit"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createUnits: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnitToCreate"] | components["schemas"]["UnitToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unit"] | {
                        items: components["schemas"]["Unit"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unit"] | {
                        items: components["schemas"]["Unit"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getUnit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unit"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteUnit: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeUnit: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnitToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unit"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createUsers: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["User"] | components["schemas"]["User"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What was made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeUser: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["User"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listValues: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this product. */
                product?: string;
                /** @description Of this variant. */
                variant?: string;
                /** @description Of this lot or instance. */
                lot?: string;
                /** @description At this location or below. */
                location?: string;
                /** @description At this org unit or below. */
                orgUnit?: string;
                /** @description As of this time; now when left out. */
                asOf?: string;
                /** @description As the ledger stood at this position. */
                asKnownAt?: number;
                /** @description Also what is 0. */
                withZero?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Value"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listVariants: {
        parameters: {
            query?: {
                /** @description Only those with this value. The product. */
                product?: string;
                /** @description Only those with this value. Its number or code, unique within the product. */
                identifier?: string;
                /** @description Only those with this value. What it is called. */
                name?: string;
                /** @description Only those with this value. Whether it may be entered. */
                isEnabled?: boolean;
                /** @description Only those whose name, identifier or barcode contains this. */
                search?: string;
                /** @description Only those changed after this time. */
                modifiedAfter?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records, in the order of ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Variant"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createVariants: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VariantToCreate"] | components["schemas"]["VariantToCreate"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Variant"] | {
                        items: components["schemas"]["Variant"][];
                    };
                };
            };
            /** @description The record, or `items` in the order of the request where a list was sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Variant"] | {
                        items: components["schemas"]["Variant"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getVariant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Variant"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteVariant: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted?: boolean;
                        id?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeVariant: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description The record: its id, its uid, or what people call it. */
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VariantToChange"];
            };
        };
        responses: {
            /** @description The record as it is then. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Variant"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listVouchers: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description Of this journal. */
                journal?: string;
                /** @description With this number. */
                number?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Voucher"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createVoucher: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Voucher"] | components["schemas"]["Voucher"][];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Voucher"] | {
                        items: components["schemas"]["Voucher"][];
                    };
                };
            };
            /** @description The voucher, or all of a list in its order. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Voucher"] | {
                        items: components["schemas"]["Voucher"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getVoucher: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id, number or ULID: a number that is an id is taken for the id. */
                voucher: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The voucher. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Voucher"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createWebhook: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Webhook"];
            };
        };
        responses: {
            /** @description What a dry run would answer; nothing was written. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The webhook with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id or ULID. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeWebhook: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
                /** @description The version that the change was made from; 412 where it is another by now. */
                "If-Match"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Webhook"];
            };
        };
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description waiting, delivered or dead. */
                state?: string;
            };
            header?: never;
            path: {
                /** @description Its id or ULID. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WebhookDelivery"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    redeliverOne: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                webhook: string;
                /** @description The batch's position. */
                position: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        redelivered?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    redeliver: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    state: "dead";
                } | {
                    from: number;
                    to?: number;
                };
            };
        };
        responses: {
            /** @description How many. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        redelivered?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    renewWebhookSecret: {
        parameters: {
            query?: {
                /** @description Tell every fault or the effect, and write nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id or ULID. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook with its new secret. */
            200: {
                headers: {
                    /** @description `true` where it was a dry run. */
                    "Dry-Run"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id or ULID. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it went. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        delivered?: boolean;
                        failure?: string | null;
                        milliseconds?: number;
                        status?: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
